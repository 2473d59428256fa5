-- 95 % interval of the rate x / n for x events: Byar's approximation from ten events on, exact (Poisson) below.
-- The exact limits are halves of chi-square quantiles with 2x and 2x + 2 degrees of freedom. n is the exposure,
-- or what was expected; null when it is 0 or unknown. Source: Breslow & Day 1987; PHE technical guidance.
create or replace macro byar_lower(x, n) as
    (
        case
            when x >= 10
                then x * power(1 - 1 / (9 * cast(x as double)) - 1.959963984540054 / (3 * sqrt(x)), 3)
            else case cast(x as integer)
                when 0 then 0.0
                when 1 then 0.025317807984289876
                when 2 then 0.24220927854396496
                when 3 then 0.6186721228956014
                when 4 then 1.0898653736263249
                when 5 then 1.6234863901184207
                when 6 then 2.2018942534908508
                when 7 then 2.8143630515198654
                when 8 then 3.4538321767485014
                when 9 then 4.115373097378334
            end
        end
    ) / nullif(cast(n as double), 0);

create or replace macro byar_upper(x, n) as
    (
        case
            when x >= 10
                then (x + 1) * power(1 - 1 / (9 * (cast(x as double) + 1)) + 1.959963984540054 / (3 * sqrt(x + 1)), 3)
            else case cast(x as integer)
                when 0 then 3.6888794541139354
                when 1 then 5.571643390938898
                when 2 then 7.22468766772396
                when 3 then 8.767273069742323
                when 4 then 10.241588675403694
                when 5 then 11.66833207932267
                when 6 then 13.059474022518685
                when 7 then 14.422675361702376
                when 8 then 15.763189220193313
                when 9 then 17.084803451419166
            end
        end
    ) / nullif(cast(n as double), 0);
