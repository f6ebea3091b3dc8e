-- makes: Every clock that a rule of rotation runs: one row for each spell in a post, with the months served before it and the month it is due.
-- reads: standing, member, site, rotation_rule, programme, term_change
-- scope: unit_no
-- names: name
-- grain: rule_no, person_id, unit_no, post, start_date, start_month
-- person: person_id
-- columns:
--   rule_no        INTEGER  the dated rule
--   person_id      VARCHAR  who
--   name           VARCHAR  name
--   unit_no        INTEGER  where
--   post           VARCHAR  title of the post
--   role           VARCHAR  role in the team
--   level          VARCHAR  post level
--   programme_id   VARCHAR  programme, where the rule counts postings under one
--   start_date     INTEGER  appointed, YYYYMMDD with zeros for unknown parts
--   start_month    INTEGER  first month of the spell, YYYYMM
--   end_month      INTEGER  first month no longer, YYYYMM; 999912 while open
--   since_month    INTEGER  month the clock began, YYYYMM
--   months_before  INTEGER  months served on the clock before the spell
--   due_month      INTEGER  month the clock runs out if the person stays, YYYYMM
with held as (
    select
        standing.person_id, standing.name, standing.unit_no, standing.body, standing.role, standing.level, standing.post,
        standing.start_date, standing.start_month, standing.end_month, standing.is_primary, standing.programme_id,
        site.place_no,
        coalesce(standing.organ, 'none') as organ_key,
        coalesce(standing.level, 'none') as level_key,
        coalesce(standing.duty, 'none') as duty_key,
        coalesce(member.growth_place = site.place_id, false) as at_home
    from standing
    inner join site on standing.unit_no = site.unit_no
    inner join member on standing.person_id = member.person_id
),
kind as (
    select distinct body, organ_key, role, level_key, duty_key from held
),
fit as (
    select kind.*, rule.rule_no, rule.basis, rule.months, rule.terms, rule.gap_months
    from kind
    inner join rotation_rule as rule
        on rule.basis in ('post', 'duty', 'place_level', 'level', 'home', 'secondment')
        and (rule.bodies is null or '|' || rule.bodies || '|' like '%|' || kind.body || '|%')
        and (rule.organs is null or '|' || rule.organs || '|' like '%|' || kind.organ_key || '|%')
        and (rule.roles is null or '|' || rule.roles || '|' like '%|' || kind.role || '|%')
        and (rule.levels is null or '|' || rule.levels || '|' like '%|' || kind.level_key || '|%')
        and (rule.duties is null or '|' || rule.duties || '|' like '%|' || kind.duty_key || '|%')
),
candidate as (
    select
        held.*, fit.rule_no, fit.basis, fit.months, fit.terms, fit.gap_months,
        case fit.basis
            when 'level' then held.level_key
            when 'place_level' then cast(held.place_no as string) || ' ' || held.level_key
            when 'duty' then cast(held.unit_no as string) || ' ' || held.role || ' ' || held.duty_key
            when 'secondment' then cast(held.unit_no as string) || ' ' || held.post || ' ' || cast(held.start_date as string)
            else cast(held.unit_no as string) || ' ' || held.role
        end as clock_key
    from held
    inner join fit
        on held.body = fit.body
        and held.organ_key = fit.organ_key
        and held.role = fit.role
        and held.level_key = fit.level_key
        and held.duty_key = fit.duty_key
        and case fit.basis
            when 'secondment' then held.programme_id is not null
            when 'home' then held.is_primary and held.at_home
            when 'level' then held.is_primary and held.level_key <> 'none'
            when 'place_level' then held.is_primary and held.level_key <> 'none'
            when 'duty' then held.is_primary and held.duty_key <> 'none'
            else held.is_primary
        end
),
followed as (
    select
        *,
        lag(end_month) over (partition by rule_no, person_id, clock_key order by start_month) as held_until
    from candidate
),
numbered as (
    select
        *,
        sum(
            case
                when held_until is null then 1
                when gap_months is not null and months_between(held_until, start_month) > gap_months then 1
                else 0
            end
        ) over (
            partition by rule_no, person_id, clock_key order by start_month
            rows between unbounded preceding and current row
        ) as run
    from followed
),
served as (
    select
        *,
        min(start_month) over (partition by rule_no, person_id, clock_key, run) as since_month,
        cast(coalesce(sum(months_between(start_month, end_month)) over (
            partition by rule_no, person_id, clock_key, run order by start_month
            rows between unbounded preceding and 1 preceding
        ), 0) as integer) as months_before
    from numbered
),
round as (
    select
        tier, coalesce(organ, 'none') as organ_key, month,
        lead(month) over (partition by tier, organ order by month) as next_month
    from term_change
),
term as (
    select
        rule.rule_no, rule.terms, round.organ_key, round.next_month,
        add_months(round.next_month, -rule.term_months) as last_since,
        row_number() over (partition by rule.rule_no, round.organ_key order by round.next_month) as number
    from rotation_rule as rule
    inner join round
        on rule.tier = round.tier
        and round.next_month is not null
        and months_between(round.month, round.next_month) >= rule.term_months
    where rule.terms is not null
),
term_line as (
    select
        one.rule_no, one.organ_key, coalesce(before.last_since, 0) as after_since, one.last_since,
        full_term.next_month as due_month
    from term as one
    inner join term as full_term
        on one.rule_no = full_term.rule_no
        and one.organ_key = full_term.organ_key
        and full_term.number = one.number + one.terms - 1
    left join term as before
        on one.rule_no = before.rule_no and one.organ_key = before.organ_key and before.number = one.number - 1
)
select
    served.rule_no, served.person_id, served.name, served.unit_no, served.post, served.role, served.level,
    case when served.basis = 'secondment' then served.programme_id end as programme_id,
    served.start_date, served.start_month, served.end_month, served.since_month, served.months_before,
    case
        when served.basis = 'home' then served.since_month
        when served.basis = 'secondment' then add_months(served.since_month, programme.months)
        when term_line.due_month is not null then term_line.due_month
        else max(
            case when served.months_before < served.months then add_months(served.start_month, served.months - served.months_before) end
        ) over (
            partition by served.rule_no, served.person_id, served.clock_key, served.run order by served.start_month
            rows between unbounded preceding and current row
        )
    end as due_month
from served
left join programme
    on served.programme_id = programme.programme_id
    and programme.valid_from <= served.since_month
    and (programme.valid_to is null or programme.valid_to > served.since_month)
left join term_line
    on served.rule_no = term_line.rule_no
    and served.organ_key = term_line.organ_key
    and served.since_month > term_line.after_since
    and served.since_month <= term_line.last_since
order by served.rule_no, served.unit_no, served.start_month
