-- 95 % interval of Wilson for x out of n (z = 1.959963984540054); null when n is 0.
-- At x = 0 the lower end is 0 and at x = n the upper end is 1, exactly.
create or replace macro wilson_lower(x, n) as
    case
        when n > 0 and x = 0 then cast(0 as double)
        when n > 0 then
            (2 * x + 3.841458820694124 - 1.959963984540054
                * sqrt(greatest(3.841458820694124 + 4 * x * (1 - cast(x as double) / n), 0)))
            / (2 * (n + 3.841458820694124))
    end;

create or replace macro wilson_upper(x, n) as
    case
        when n > 0 and x = n then cast(1 as double)
        when n > 0 then
            (2 * x + 3.841458820694124 + 1.959963984540054
                * sqrt(greatest(3.841458820694124 + 4 * x * (1 - cast(x as double) / n), 0)))
            / (2 * (n + 3.841458820694124))
    end;
