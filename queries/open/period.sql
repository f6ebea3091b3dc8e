-- asks: Of which months and years are there open figures?
-- reads: open_period, open_cell
-- takes: since, until
-- grain: topic, period
-- columns:
--   topic     VARCHAR  people, overdue, grade or welfare
--   period    INTEGER  month that ages are counted at, YYYYMM; of grades and welfare the December of their year
--   at_month  INTEGER  end of the quarter whose people are counted, YYYYMM
--   is_ahead  BOOLEAN  a term change to come, if nobody moves
select distinct open_cell.topic, open_period.period, open_period.at_month, open_period.is_ahead
from open_period
inner join open_cell using (period)
where open_period.period between $since and $until
order by open_cell.topic, open_period.period
