-- asks: How many people may have a clock that has run out, though a place of growth or a level that is not known keeps it from running?
-- reads: clock_unknown, tenure, rotation_rule, extent
-- takes: as_of, unit?
-- grain: rule_id
-- columns:
--   rule_id      VARCHAR  the rule
--   people       INTEGER  people whose clock has run out
--   unknown      INTEGER  people in a post of which it is not known whether the clock runs
--   people_high  INTEGER  people whose clock has run out if it has for all of them
with span as (
    select first_no, last_no from extent where unit_id = coalesce($unit, '*')
),
over as (
    select distinct tenure.rule_no, tenure.person_id
    from tenure
    inner join span on tenure.unit_no between span.first_no and span.last_no
    where tenure.start_month <= $as_of and tenure.end_month > $as_of and tenure.due_month <= $as_of
),
unsure as (
    select distinct unknown.rule_no, unknown.person_id
    from clock_unknown as unknown
    inner join span on unknown.unit_no between span.first_no and span.last_no
    anti join over on unknown.rule_no = over.rule_no and unknown.person_id = over.person_id
    where unknown.start_month <= $as_of and unknown.end_month > $as_of
),
counted as (
    select rule_no, count(*) as unknown from unsure group by rule_no
),
run_out as (
    select rule_no, count(*) as people from over group by rule_no
)
select
    rule.rule_id, cast(coalesce(run_out.people, 0) as integer) as people,
    cast(coalesce(counted.unknown, 0) as integer) as unknown,
    cast(coalesce(run_out.people, 0) + coalesce(counted.unknown, 0) as integer) as people_high
from rotation_rule as rule
left join counted on rule.rule_no = counted.rule_no
left join run_out on rule.rule_no = run_out.rule_no
where rule.basis in ('home', 'level', 'place_level')
    and rule.valid_from <= $as_of and (rule.valid_to is null or rule.valid_to > $as_of)
order by rule.place
