-- asks: Who in the posts that a target's posts are filled from would be in its band at a date if nobody moves, and in which month is each thing required there?
-- reads: age_target, promotion_rule, qualification, target_spell, unit, extent
-- takes: as_of, until, target, unit?
-- grain: person_id
-- columns:
--   person_id       VARCHAR  who
--   name            VARCHAR  name
--   sex             VARCHAR  male or female
--   birth           INTEGER  birth date as given, YYYYMMDD with zeros for unknown parts
--   unit_id         VARCHAR  where
--   unit_name       VARCHAR  name of the unit
--   post            VARCHAR  primary post
--   level           VARCHAR  post level
--   start_month     INTEGER  month of appointment to the present post, YYYYMM
--   months          INTEGER  months in posts that the rule names, by the date
--   required        INTEGER  months that the rule requires there; null means none
--   served_month    INTEGER  month they are full, YYYYMM; null where none are required
--   work_month      INTEGER  month the person began work, YYYYMM; null where unknown
--   worked_month    INTEGER  month the months required since then are full, YYYYMM; null where none are required or the beginning is unknown
--   grounded_month  INTEGER  month those required at the grass roots are full, YYYYMM; null where none are required or staying does not reach them
--   ready_month     INTEGER  month all that is required is there, YYYYMM; null where something is unknown or not reached
--   line_month      INTEGER  month the person passes the target's age line, YYYYMM; null without a line
--   rule_id         VARCHAR  the rule; of several that name the post the first that is met by the date
--   path_en         VARCHAR  its name
--   path_zh         VARCHAR  its name in Chinese
--   document        VARCHAR  source
--   clause          VARCHAR  clause of the source
--   confirmed       VARCHAR  who stands behind it
with filled as (
    select
        target.target_no, target.sex, target.party, target.upper_age,
        rule.rule_no, rule.rule_id, rule.name_en, rule.name_zh, rule.months, rule.document, rule.clause, rule.confirmed
    from age_target as target
    inner join promotion_rule as rule
        on list_contains(string_split(rule.bodies, '|'), target.body)
        and list_has_any(string_split(rule.roles, '|'), string_split(target.roles, '|'))
    where target.target_id = $target
        and target.valid_from <= $until and (target.valid_to is null or target.valid_to > $until)
        and rule.valid_from <= $until and rule.valid_to > $until
),
in_its_posts as (
    select target_no, person_id from target_spell where start_month <= $as_of and end_month > $as_of
)
select
    held.person_id, held.name, held.sex, held.birth, unit.unit_id, unit.name as unit_name, held.post, held.level,
    cast(floor(held.start_date / 100) as integer) as start_month,
    held.months_before + months_between(held.start_month, $until) as months,
    filled.months as required,
    held.served_month, held.work_month, held.worked_month, held.grounded_month, held.ready_month,
    held.birth_month + 100 * filled.upper_age as line_month,
    filled.rule_id, filled.name_en as path_en, filled.name_zh as path_zh,
    filled.document, filled.clause, filled.confirmed
from filled
inner join qualification as held using (rule_no)
inner join extent on held.unit_no between extent.first_no and extent.last_no
inner join unit on held.unit_no = unit.unit_no
anti join in_its_posts using (target_no, person_id)
where extent.unit_id = coalesce($unit, '*')
    and held.start_month <= $as_of and held.end_month > $as_of
    and held.leaves_month > $until
    and (filled.sex is null or held.sex = filled.sex)
    and (filled.party is null or held.outside_party)
    and (filled.upper_age is null or held.birth_month + 100 * filled.upper_age > $until)
qualify row_number() over (partition by held.person_id order by coalesce(held.ready_month <= $until, false) desc, filled.rule_no) = 1
order by held.unit_no, held.person_id
