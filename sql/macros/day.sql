-- Days as integers: the same arithmetic on every engine, and half the bytes of a date.

-- Number of a day, counted from 1 January 1970.
create or replace macro day_number(d) as cast(datediff('day', date '1970-01-01', d) as integer);

-- The day after the last one of an interval with inclusive end; an open end becomes 31 December 9999.
create or replace macro until_day(end_date) as
    cast(coalesce(datediff('day', date '1970-01-01', end_date) + 1, 2932896) as integer);

-- The date of a day number.
create or replace macro day_date(n) as cast(date '1970-01-01' + n as date);

-- The same day of the month so many months later; the last day of a shorter month.
create or replace macro months_later(d, months) as cast(d + to_months(cast(months as integer)) as date);

-- Days as years of 365.25 days.
create or replace macro in_years(days) as days / cast(365.25 as double);
