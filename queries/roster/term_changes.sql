-- asks: When do the tiers change their terms: the team as a whole, or one nature of organ?
-- reads: term_change
-- takes: organ?
-- grain: tier, round
-- columns:
--   tier        VARCHAR  township, county or city
--   round       INTEGER  year the round is named for
--   month       INTEGER  month of the term change, YYYYMM; without an organ, the earliest of the tier's organs
--   term_years  INTEGER  length of the term that begins, years
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
select tier, round, month, term_years, document, clause, confirmed
from term_change
where organ is not distinct from $organ
order by month, tier
