/*
label = "Score of aantal van een vragenlijst kan niet"
description = "Surveys with a score outside 0 to the end of the scale, more answers than people invited, or more satisfied than answers"
severity = "warning"
family = "plausibility"
total = "core.survey"
threshold = { count = 0 }
needs = ["core.survey"]
affects = ["client_satisfaction", "client_satisfied_share", "survey_response", "calm_score", "collaboration_score"]
tags = ["outcomes"]
how_to_read = """
Bij deze regels ligt de score buiten de schaal, of antwoordden er meer mensen dan er waren uitgenodigd. Meestal is een komma
vergeten, of staat de schaal er niet goed bij. Eén zo'n regel kan een gemiddelde flink verschuiven. Vraag de afzender om een
verbeterde regel.
"""

[columns]
problem = "score, responded or satisfied"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    case
        when score < 0 or score > scale_max then 'score'
        when responded > invited then 'responded'
        else 'satisfied'
    end as problem,
    source_file_id,
    source_line,
from core.survey
where score < 0 or score > scale_max or responded > invited or satisfied > answers
