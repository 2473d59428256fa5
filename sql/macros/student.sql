-- The 97.5 % point of Student's t with `df` degrees of freedom: the normal point and five terms of the expansion of
-- Cornish and Fisher in 1 / df. From df = 9 on, which is what intervals of means need, it is off by less than
-- 0.000002.
create or replace macro student_975(df) as
    1.959963984540054
    + 2.372271230298562 / df
    + 2.8224986157396112 / power(cast(df as double), 2)
    + 2.555849679507722 / power(cast(df as double), 3)
    + 1.5895340533938225 / power(cast(df as double), 4)
    + 0.7328982119816051 / power(cast(df as double), 5);
