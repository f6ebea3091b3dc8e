-- makes: Who stands where: every spell in post with the person, the place and the months that rules set for it.
-- reads: holding, member, unit, statutory_rule, post_line
-- scope: unit_no
-- names: name
-- grain: person_id, unit_no, post, start_date, start_month
-- person: person_id
-- columns:
--   person_id          VARCHAR  who
--   name               VARCHAR  name
--   sex                VARCHAR  male or female
--   birth              INTEGER  birth date as given, YYYYMMDD with zeros for unknown parts
--   birth_month        INTEGER  month of birth, YYYYMM; January where only the year is known
--   birth_known        VARCHAR  day, month, year or none
--   outside_party      BOOLEAN  outside the Party; null where it is not known
--   unit_no            INTEGER  where
--   body               VARCHAR  kind of body
--   organ              VARCHAR  nature of the organ
--   post               VARCHAR  title of the post
--   role               VARCHAR  role in the team
--   level              VARCHAR  post level
--   rank               VARCHAR  civil-service rank
--   start_date         INTEGER  appointed, YYYYMMDD with zeros for unknown parts
--   start_month        INTEGER  first month in post, YYYYMM
--   end_month          INTEGER  first month no longer in post, YYYYMM; 999912 while open
--   end_reason         VARCHAR  why it ended
--   is_primary         BOOLEAN  the person's primary post
--   counted            BOOLEAN  counts against approved posts
--   exchange_kind      VARCHAR  how the person came to the post
--   exchange_reason    VARCHAR  why
--   programme_id       VARCHAR  programme the posting belongs to; null for none
--   duty               VARCHAR  duty of the post, where a rule asks for it
--   before_month       INTEGER  month the leading primary post before this one ended, YYYYMM; null beside a primary post
--   after_month        INTEGER  month the next leading primary post began, YYYYMM; null beside a primary post
--   statutory_month    INTEGER  statutory month of retirement, YYYYMM; as stored, else by rule, null where neither tells
--   early_month        INTEGER  first month from which one may retire early, YYYYMM; null where no rule tells
--   post_line_month    INTEGER  month the person reaches the post age line, YYYYMM
--   statutory_rule_id  VARCHAR  retirement rule that gives the statutory month; null where the source states it
--   post_line_rule_id  VARCHAR  retirement rule that gives the post age line
with placed as (
    select
        holding.*,
        member.name, member.sex, member.birth, member.birth_month, member.birth_known, member.outside_party,
        member.identity, member.retire_month, member.age_limit,
        unit.unit_no, unit.body, unit.organ,
        case when holding.is_primary then max(case when holding.role <> 'other' then holding.end_month end) over (
            partition by holding.person_id, holding.is_primary order by holding.start_month
            rows between unbounded preceding and 1 preceding
        ) end as before_month,
        case when holding.is_primary then min(case when holding.role <> 'other' then holding.start_month end) over (
            partition by holding.person_id, holding.is_primary order by holding.start_month
            rows between 1 following and unbounded following
        ) end as after_month
    from holding
    inner join member on holding.person_id = member.person_id
    inner join unit on holding.unit_id = unit.unit_id
),
limit_rule as (
    select age, rule_id, step, cap, reform_start, early
    from (select *, row_number() over (partition by age order by rule_id) as choice from statutory_rule) as ruled
    where choice = 1
),
lined as (
    select
        placed.*,
        post_line.age as line_age,
        post_line.rule_id as post_line_rule_id,
        case when placed.age_limit is null then class_rule.rule_id else limit_rule.rule_id end as rule_id,
        case when placed.age_limit is null then class_rule.age else limit_rule.age end as statutory_age,
        case when placed.age_limit is null then class_rule.step else limit_rule.step end as step,
        case when placed.age_limit is null then class_rule.cap else limit_rule.cap end as cap,
        case when placed.age_limit is null then class_rule.reform_start else limit_rule.reform_start end as reform_start,
        case when placed.age_limit is null then class_rule.early else limit_rule.early end as early
    from placed
    left join statutory_rule as class_rule
        on placed.sex = class_rule.sex
        and placed.identity = class_rule.identity
        and coalesce(placed.level, 'none') = class_rule.level
    left join limit_rule on placed.age_limit = limit_rule.age
    left join post_line on placed.role = post_line.role and coalesce(placed.organ, 'none') = post_line.organ
),
ruled as (
    select
        *,
        birth_month + 100 * statutory_age as original_month,
        months_between(reform_start, birth_month + 100 * statutory_age) + 1 as late
    from lined
),
limited as (
    select
        *,
        coalesce(
            retire_month,
            add_months(original_month, case when late < 1 then 0 else least(cap, cast(ceil(late / step) as integer)) end)
        ) as statutory_month
    from ruled
)
select
    person_id, name, sex, birth, birth_month, birth_known, outside_party,
    unit_no, body, organ, post, role, level, rank, start_date, start_month, end_month, end_reason, is_primary, counted,
    exchange_kind, exchange_reason, programme_id, duty,
    before_month, after_month,
    statutory_month,
    case when early is not null then greatest(original_month, add_months(statutory_month, -early)) end as early_month,
    birth_month + 100 * line_age as post_line_month,
    case when retire_month is null then rule_id end as statutory_rule_id,
    post_line_rule_id
from limited
order by body, unit_no, start_month
