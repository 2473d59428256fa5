/*
description = "Default form and weight of care per iJw product category, where the product list says nothing"
grain = "one row per product category"
key = ["product_category"]
steps = [
    "own proposal, after the hints in the information protocol of CBS: the category decides where it can",
    "null where the category says too little",
]
tests = ["unique key"]
seeds = ["CATALOGUE 0", "DOMAIN 5"]

[columns]
product_category = "iJw product category"
care_form = "form of care as CBS names it, as far as the category tells"
weight_class = "licht, specialistisch or zwaar"
*/
select
    mapping.product_category,
    mapping.care_form,
    mapping.weight_class
from
    (
        values
        ('31', 'wijkteam', 'licht'),
        ('32', 'ambulant', 'specialistisch'),
        ('33', 'daghulp', 'zwaar'),
        ('34', 'netwerk', 'specialistisch'),
        ('35', 'pleegzorg', 'zwaar'),
        ('36', 'gezinsgericht', 'zwaar'),
        ('37', 'gesloten', 'zwaar'),
        ('38', 'verblijf', 'zwaar'),
        ('40', null, 'licht'),
        ('41', 'daghulp', 'zwaar'),
        ('42', null, null),
        ('43', 'verblijf', 'zwaar'),
        ('44', 'verblijf', 'zwaar'),
        ('45', 'ambulant', 'specialistisch'),
        ('46', 'crisis', 'zwaar'),
        ('47', 'jeugdreclassering', 'zwaar'),
        ('48', 'jeugdbescherming', 'zwaar'),
        ('49', 'jeugdreclassering', 'zwaar'),
        ('50', null, null),
        ('51', 'ambulant', 'specialistisch'),
        ('52', 'ambulant', 'specialistisch'),
        ('53', null, 'specialistisch'),
        ('54', 'ambulant', 'specialistisch'),
        ('55', null, null)
    ) as mapping (product_category, care_form, weight_class)
