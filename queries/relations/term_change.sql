-- makes: The term changes: one month a tier and round, the earliest of its organs.
-- reads: given.term_change
-- scope: everyone
-- grain: tier, round
-- columns:
--   tier        VARCHAR  township, county or city
--   round       INTEGER  year the round is named for
--   month       INTEGER  month of the term change, YYYYMM
--   term_years  INTEGER  length of the term that begins, years
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
select
    tier, round, min(month) as month, max(term_years) as term_years,
    min(document) as document, min(clause) as clause, min(confirmed) as confirmed
from given.term_change
group by tier, round
