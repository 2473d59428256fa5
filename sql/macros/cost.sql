-- How often a day a volume is given, by frequency (WMO757); 6 is a total, spread over `days`, and 3 the older
-- "per four weeks".
create or replace macro times_per_day(frequency, days) as
    case frequency
        when '1' then cast(1 as double)
        when '2' then cast(1 as double) / 7
        when '3' then cast(1 as double) / 28
        when '4' then 12 / cast(365.25 as double)
        when '6' then 1 / nullif(cast(days as double), 0)
    end;

-- What one unit of a price list is: hours of time, else 'day', 'piece' or 'euro' by class.
create or replace macro tariff_class(tariff_unit) as
    case
        when lower(trim(tariff_unit)) in ('01', 'minuut', 'minuten', 'min') then 'time'
        when lower(trim(tariff_unit)) in ('04', 'uur', 'uren', 'u') then 'time'
        when lower(trim(tariff_unit)) in ('16', 'dagdeel', 'dagdelen') then 'time'
        when lower(trim(tariff_unit)) in ('14', 'etmaal', 'etmalen', 'dag', 'dagen') then 'day'
        when lower(trim(tariff_unit)) in ('82', '84', 'stuk', 'stuks') then 'piece'
    end;

create or replace macro tariff_hours(tariff_unit) as
    case
        when lower(trim(tariff_unit)) in ('01', 'minuut', 'minuten', 'min') then cast(1 as double) / 60
        when lower(trim(tariff_unit)) in ('04', 'uur', 'uren', 'u') then cast(1 as double)
        when lower(trim(tariff_unit)) in ('16', 'dagdeel', 'dagdelen') then cast(4 as double)
    end;

-- Eurocents a day of a volume at a price per unit; null where unit and price do not fit each other.
-- Time (01, 04, 16) takes a price per minute, hour or half-day of 4 hours; 14 one per day; 82 and 84 one per
-- piece. A volume in euros (83) is eurocents already and needs no price. As for hours, a volume below 0 or beyond
-- 99,999,999 has no cost.
create or replace macro cents_per_day(volume, unit, frequency, days, tariff_cents, tariff_unit) as
    case when volume >= 0 and volume <= 99999999 then times_per_day(frequency, days) * volume end
    * case
        when unit = '83' then cast(1 as double)
        when unit in ('01', '04', '16') and tariff_class(tariff_unit) = 'time'
            then case unit when '01' then cast(1 as double) / 60 when '04' then 1 else 4 end
                * tariff_cents / tariff_hours(tariff_unit)
        when unit = '14' and tariff_class(tariff_unit) = 'day' then tariff_cents
        when unit in ('82', '84') and tariff_class(tariff_unit) = 'piece' then tariff_cents
    end;
