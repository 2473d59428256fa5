-- A sum that does not depend on the order of adding: the same data give the same figure to the last digit.
create or replace macro exact_sum(x) as cast(sum(cast(x as decimal(38, 12))) as double);

-- A share or a mean; undefined (null) when there is nothing to divide by.
create or replace macro ratio(numerator, denominator) as
    cast(numerator as double) / nullif(cast(denominator as double), 0);

-- A percentile between the two values around place p * (n - 1), the first being place 0 (type 7).
create or replace macro percentile(x, p) as quantile_cont(cast(x as double), p);
