-- makes: The term changes of each nature of organ; an organ without a date of its own goes with the tier's earliest.
-- reads: given.term_change, given.unit
-- scope: everyone
-- grain: tier, organ, round
-- columns:
--   tier        VARCHAR  township, county or city
--   organ       VARCHAR  nature of the organ; null means a team as a whole, at the tier's earliest
--   round       INTEGER  year the round is named for
--   month       INTEGER  month of the term change, YYYYMM
--   term_years  INTEGER  length of the term that begins, years
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with organ as (
    select organ from given.unit
    union
    select organ from given.term_change
    union
    select null
),
dated as (
    select *, row_number() over (partition by tier, round order by month, organ) as place from given.term_change
)
select
    first.tier, organ.organ, first.round,
    coalesce(own.month, first.month) as month,
    coalesce(own.term_years, first.term_years) as term_years,
    coalesce(own.document, first.document) as document,
    coalesce(own.clause, first.clause) as clause,
    coalesce(own.confirmed, first.confirmed) as confirmed
from dated as first
cross join organ
left join dated as own on first.tier = own.tier and first.round = own.round and organ.organ = own.organ
where first.place = 1
order by first.tier, organ.organ, first.round
