-- asks: Of those in the reserve who could be appointed at the term change, how many have the years required in the posts below by then, and how many full or begun years do the others still need?
-- reads: reserve_spell, reserve_kind, promotion_rule, qualification, term_change, extent
-- takes: as_of, until?, unit?
-- grain: reserve, state, years
-- columns:
--   reserve     VARCHAR  what they are kept for; one without a term change to come and without a date given is left out
--   state       VARCHAR  ready; waiting, with the years still to come; unknown, where something is unknown or staying does not reach it; or outside (no rule fills these posts from the present one)
--   years       INTEGER  years still needed after the date, begun ones counted; null unless waiting
--   people      INTEGER  people in the reserve in the month who hold no such post yet, are below the age line at the date and still in post
--   date_month  INTEGER  the date: the one given, else the first term change of the tier, YYYYMM
--   document    VARCHAR  sources of the rules of promotion; null where none names the post
--   clause      VARCHAR  clauses of the sources
--   confirmed   VARCHAR  who stands behind them; to_confirm where one is to be confirmed
with dated as (
    select
        reserve_kind.*,
        coalesce($until, (
            select min(term.month) from term_change as term
            where term.tier = reserve_kind.tier and term.organ is null and term.month >= $as_of
        )) as date_month
    from reserve_kind
    where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
path as (
    select
        dated.place, dated.reserve, dated.date_month, spell.person_id, min(held.ready_month) as ready_month,
        count(held.rule_no) as paths
    from dated
    inner join reserve_spell as spell
        on dated.reserve = spell.reserve and spell.start_month <= $as_of and spell.end_month > $as_of
    inner join extent
        on spell.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    left join promotion_rule as rule
        on list_has_any(string_split(rule.bodies, '|'), string_split(dated.bodies, '|'))
        and list_has_any(string_split(rule.roles, '|'), string_split(dated.roles, '|'))
        and rule.valid_from <= dated.date_month and rule.valid_to > dated.date_month
    left join qualification as held
        on rule.rule_no = held.rule_no and spell.person_id = held.person_id
        and held.start_month <= $as_of and held.end_month > $as_of
    where not (
            list_contains(string_split(dated.bodies, '|'), spell.body)
            and list_contains(string_split(dated.roles, '|'), spell.role)
        )
        and spell.birth_month + 100 * dated.upper_age > dated.date_month
        and spell.leaves_month > dated.date_month
    group by dated.place, dated.reserve, dated.date_month, spell.person_id
),
told as (
    select
        *,
        case
            when ready_month <= date_month then 'ready' when ready_month is not null then 'waiting'
            when paths > 0 then 'unknown' else 'outside'
        end as state,
        case
            when ready_month > date_month
                then cast(ceil(months_between(date_month, ready_month) / 12::double) as integer)
        end as years
    from path
),
source as (
    select
        dated.reserve,
        string_agg(distinct rule.document, '；' order by rule.document) as document,
        string_agg(distinct rule.clause, '；' order by rule.clause) as clause,
        case when bool_or(rule.confirmed = 'to_confirm') then 'to_confirm' else min(rule.confirmed) end as confirmed
    from dated
    inner join promotion_rule as rule
        on list_has_any(string_split(rule.bodies, '|'), string_split(dated.bodies, '|'))
        and list_has_any(string_split(rule.roles, '|'), string_split(dated.roles, '|'))
        and rule.valid_from <= dated.date_month and rule.valid_to > dated.date_month
    group by dated.reserve
)
select
    told.reserve, told.state, told.years, cast(count(*) as integer) as people, told.date_month,
    source.document, source.clause, source.confirmed
from told
left join source on told.reserve = source.reserve
group by told.place, told.reserve, told.state, told.years, told.date_month, source.document, source.clause, source.confirmed
order by told.place, array_position(['ready', 'waiting', 'unknown', 'outside'], told.state), told.years
