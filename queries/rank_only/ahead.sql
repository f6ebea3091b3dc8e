-- asks: How many will have left leading posts by the next two term changes of their tier, and how many will then hold a rank only, if nobody moves but by age?
-- reads: standing, rank_only, term_change, site, extent
-- takes: as_of, unit?
-- grain: tier, turn
-- columns:
--   tier         VARCHAR  township, county or city
--   turn         INTEGER  1 for the next term change, 2 for the one after
--   first_month  INTEGER  month of the term change of the people counted, the earliest, YYYYMM
--   last_month   INTEGER  the latest, YYYYMM
--   people       INTEGER  people with a rank only now
--   retiring     INTEGER  of them, people who reach the statutory month by then
--   leaders      INTEGER  people now in leading posts with an age line
--   leaving      INTEGER  of them, people who reach the line by then
--   gone         INTEGER  of these, people who reach the statutory month by then as well
--   then_people  INTEGER  people with a rank only then: people less retiring, and leaving less gone
--   unknown      INTEGER  people whose month nothing tells, counted as staying where they are
--   document     VARCHAR  source of the months
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
with point as (
    select
        tier, organ, month, document, clause, confirmed,
        row_number() over (partition by tier, organ order by month) as turn
    from term_change
    where month > $as_of
),
held as (
    select unit_no, organ, false as is_leading, statutory_month as line_month, statutory_month
    from rank_only
    where start_month <= $as_of and end_month > $as_of
    union all
    select unit_no, organ, true, post_line_month, statutory_month
    from standing
    where is_primary and start_month <= $as_of and end_month > $as_of and post_line_rule_id is not null
),
told as (
    select held.*, site.tier, point.turn, point.month, point.document, point.clause, point.confirmed
    from held
    inner join extent
        on held.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    inner join site on held.unit_no = site.unit_no
    inner join point
        on site.tier = point.tier and held.organ is not distinct from point.organ and point.turn <= 2
),
counted as (
    select
        tier, turn, min(month) as first_month, max(month) as last_month,
        count(*) filter (not is_leading) as people,
        count(*) filter (not is_leading and line_month <= month) as retiring,
        count(*) filter (is_leading) as leaders,
        count(*) filter (is_leading and line_month <= month) as leaving,
        count(*) filter (is_leading and line_month <= month and statutory_month <= month) as gone,
        count(*) filter (line_month is null) as unknown,
        string_agg(distinct document, '；' order by document) as document,
        string_agg(distinct clause, '；' order by clause) as clause,
        case when bool_or(confirmed = 'to_confirm') then 'to_confirm' else min(confirmed) end as confirmed
    from told
    group by tier, turn
)
select
    tier, cast(turn as integer) as turn, first_month, last_month,
    cast(people as integer) as people, cast(retiring as integer) as retiring,
    cast(leaders as integer) as leaders, cast(leaving as integer) as leaving, cast(gone as integer) as gone,
    cast(people - retiring + leaving - gone as integer) as then_people,
    cast(unknown as integer) as unknown, document, clause, confirmed
from counted
order by turn, first_month, tier
