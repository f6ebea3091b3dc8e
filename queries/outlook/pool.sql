-- asks: How many people in the posts that a target's posts are filled from would be in its band at a date if nobody moves, and how many of them would have the time required by then?
-- reads: age_target, promotion_rule, qualification, target_spell, extent
-- takes: as_of, until, unit?
-- grain: target_id
-- columns:
--   target_id  VARCHAR  the target; one whose posts no rule fills is left out
--   people     INTEGER  people in such a post and in none of the target's own, who would be in its band at the date
--   ready      INTEGER  of these, people with all that a rule requires by the date
--   document   VARCHAR  sources of the rules
--   clause     VARCHAR  clauses of the sources
--   confirmed  VARCHAR  who stands behind them; to_confirm where one is to be confirmed
with filled as (
    select
        target.target_no, target.target_id, target.place, target.sex, target.party, target.upper_age,
        rule.rule_no, rule.document, rule.clause, rule.confirmed
    from age_target as target
    inner join promotion_rule as rule
        on list_contains(string_split(rule.bodies, '|'), target.body)
        and list_has_any(string_split(rule.roles, '|'), string_split(target.roles, '|'))
    where target.valid_from <= $until and (target.valid_to is null or target.valid_to > $until)
        and rule.valid_from <= $until and rule.valid_to > $until
),
in_its_posts as (
    select target_no, person_id from target_spell where start_month <= $as_of and end_month > $as_of
),
person as (
    select filled.target_no, held.person_id, bool_or(coalesce(held.ready_month <= $until, false)) as is_ready
    from filled
    inner join qualification as held using (rule_no)
    inner join extent on held.unit_no between extent.first_no and extent.last_no
    anti join in_its_posts using (target_no, person_id)
    where extent.unit_id = coalesce($unit, '*')
        and held.start_month <= $as_of and held.end_month > $as_of
        and held.leaves_month > $until
        and (filled.sex is null or held.sex = filled.sex)
        and (filled.party is null or held.outside_party)
        and (filled.upper_age is null or held.birth_month + 100 * filled.upper_age > $until)
    group by filled.target_no, held.person_id
),
tally as (
    select target_no, count(*) as people, count(*) filter (is_ready) as ready from person group by target_no
),
source as (
    select
        target_no, target_id, place,
        string_agg(distinct document, '；' order by document) as document,
        string_agg(distinct clause, '；' order by clause) as clause,
        case when bool_or(confirmed = 'to_confirm') then 'to_confirm' else min(confirmed) end as confirmed
    from filled
    group by target_no, target_id, place
)
select
    source.target_id,
    cast(coalesce(tally.people, 0) as integer) as people,
    cast(coalesce(tally.ready, 0) as integer) as ready,
    source.document, source.clause, source.confirmed
from source
left join tally using (target_no)
order by source.place
