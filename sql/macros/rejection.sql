-- Whether what a retour says of a product holds for a record; a retour that says nothing holds for all.
create or replace macro holds_for(said, value) as said is null or coalesce(said = value, false);
