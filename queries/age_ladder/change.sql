-- asks: By which steps did a target's spare people come from one month to another?
-- reads: target_spell, target_month, age_target, extent
-- takes: since, until, target, unit?
-- grain: step
-- columns:
--   step    VARCHAR  spare_before, appointed, moved_in, aged, moved_out, left, needed, capped or spare_after
--   place   INTEGER  order of the steps
--   people  INTEGER  people; all steps between the first and the last add up to their difference
with target as (
    select * from age_target
    where target_id = $target and valid_from <= $until and (valid_to is null or valid_to > $until)
),
spell as (
    select target_spell.*
    from target_spell
    inner join target using (target_no)
    inner join extent on target_spell.unit_no between extent.first_no and extent.last_no
    where extent.unit_id = coalesce($unit, '*')
        and target_spell.start_month <= $until and target_spell.end_month > $since
),
person as (
    select
        person_id,
        bool_or(start_month <= $since) as here_before,
        bool_or(end_month > $until) as here_after,
        bool_or(start_month <= $since and band_end > $since) as young_before,
        bool_or(end_month > $until and band_end > $until) as young_after,
        min_by(coalesce(before_month, 0), 1000000 * start_month::bigint - coalesce(before_month, 0)) as before_month,
        max_by(coalesce(after_month, 999912), 1000000 * end_month::bigint - coalesce(after_month, 999912)) as after_month
    from spell
    group by person_id
),
flow as (
    select
        case
            when young_before and not young_after and here_after then 'aged'
            when young_before and not young_after and after_month <= $until then 'moved_out'
            when young_before and not young_after then 'left'
            when young_after and not young_before and before_month > $since then 'moved_in'
            when young_after and not young_before then 'appointed'
        end as step,
        cast(count(*) as integer) as people
    from person
    where young_before <> young_after
    group by step
),
signed as (
    select step, case when step in ('appointed', 'moved_in') then people else -people end as people from flow
),
ledger as (
    select
        moment.at_end,
        cast(coalesce(sum(target_month.have), 0) as integer) as have,
        cast(ceil(any_value(target.numerator) * coalesce(sum(target_month.base), 0) / any_value(target.divisor)) as integer)
            as needed
    from (select false as at_end, $since as month union all select true, $until) as moment
    cross join target
    inner join extent on extent.unit_id = coalesce($unit, '*')
    left join target_month
        on target.target_no = target_month.target_no
        and target_month.year = floor(moment.month / 100)
        and target_month.month <= moment.month
        and target_month.unit_no between extent.first_no and extent.last_no
    group by moment.at_end
),
ends as (
    select
        max(case when not at_end then have end) as have_before, max(case when at_end then have end) as have_after,
        max(case when not at_end then needed end) as needed_before, max(case when at_end then needed end) as needed_after
    from ledger
),
step as (
    select 'spare_before' as step, 1 as place, have_before - needed_before as people from ends
    union all
    select name.step, name.place, coalesce(signed.people, 0)
    from (
        select 'appointed' as step, 2 as place union all select 'moved_in', 3 union all select 'aged', 4
        union all select 'moved_out', 5 union all select 'left', 6
    ) as name
    left join signed using (step)
    union all
    select 'needed', 7, needed_before - needed_after from ends
    union all
    select 'capped', 8, have_after - have_before - (select cast(coalesce(sum(people), 0) as integer) from signed) from ends
    union all
    select 'spare_after', 9, have_after - needed_after from ends
)
select step, place, people
from step
order by place
