-- makes: Which statutory rule holds for whom; of several rows that fit, the one that states more conditions.
-- reads: retirement_rule, given.posting
-- scope: everyone
-- grain: sex, identity, level
-- columns:
--   sex           VARCHAR  male or female
--   identity      VARCHAR  cadre or worker
--   level         VARCHAR  post level, or none
--   rule_id       VARCHAR  the rule
--   age           INTEGER  age before the reform, years
--   step          INTEGER  birth months for each month of delay
--   cap           INTEGER  longest delay, months
--   reform_start  INTEGER  month the reform starts, YYYYMM
--   early         INTEGER  longest time before the statutory month one may retire, months; null where none is given
with person as (
    select sex.sex, identity.identity, level.level
    from (select 'male' as sex union all select 'female') as sex
    cross join (select 'cadre' as identity union all select 'worker') as identity
    cross join (select distinct coalesce(level, 'none') as level from given.posting) as level
),
fit as (
    select
        person.sex, person.identity, person.level, rule.rule_id, rule.age, rule.step, rule.cap, rule.reform_start, rule.early,
        row_number() over (
            partition by person.sex, person.identity, person.level
            order by
                case when rule.identity is null then 1 else 0 end,
                case when rule.levels is null then 1 else 0 end,
                case when rule.sex is null then 1 else 0 end,
                rule.rule_id
        ) as place
    from person
    inner join retirement_rule as rule
        on rule.kind = 'statutory'
        and (rule.sex is null or rule.sex = person.sex)
        and (rule.identity is null or rule.identity = person.identity)
        and (rule.levels is null or '|' || rule.levels || '|' like '%|' || person.level || '|%')
)
select sex, identity, level, rule_id, age, step, cap, reform_start, early from fit where place = 1
