-- Hours a day that a volume stands for, spread evenly over its period; null where no hours can be derived.
-- Units (WJ756): 01 minute, 04 hour, 16 half-day of 4 hours; others have no hours.
-- Frequencies (WMO757): 1 day, 2 week, 4 month of 365.25/12 days, 6 total over `days`; 3 is the older
-- "per four weeks". A volume beyond the 99,999,999 that the standard allows has no hours. Source: iJw 3.2.
create or replace macro hours_per_day(volume, unit, frequency, days) as
    case when volume >= 0 and volume <= 99999999 then volume end
    * case unit when '01' then cast(1 as double) / 60 when '04' then 1 when '16' then 4 end
    * case frequency
        when '1' then cast(1 as double)
        when '2' then cast(1 as double) / 7
        when '3' then cast(1 as double) / 28
        when '4' then 12 / cast(365.25 as double)
        when '6' then 1 / nullif(cast(days as double), 0)
    end;
