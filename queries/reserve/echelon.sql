-- asks: How many posts of each kind fall vacant by the term change if nobody moves, and are those in the reserve for them enough?
-- reads: reserve_spell, reserve_kind, promotion_rule, qualification, standing, unit, term_change, extent
-- takes: as_of, until?, unit?
-- grain: reserve
-- columns:
--   reserve      VARCHAR  the kind of post; one without a term change to come and without a date given is left out
--   upper_age    INTEGER  completed years below which people stay
--   seats        INTEGER  approved posts; people in post where none are stated
--   empty_posts  INTEGER  approved posts that nobody holds in the month
--   falling      INTEGER  posts more that fall vacant by the date, as holders retire or pass the age line of the post
--   each         INTEGER  people asked for each vacant post
--   needed       INTEGER  people asked for all of them
--   people       INTEGER  people in the reserve in the month
--   holds        INTEGER  of them, people who hold a post of the kind already
--   over_line    INTEGER  of the others, people not below the age line at the date, or of unknown age
--   leaving      INTEGER  of the others, people who retire or pass the age line of their post by the date
--   ready        INTEGER  of the others, people with all that a rule of promotion requires by the date
--   not_ready    INTEGER  the rest
--   finding      VARCHAR  not_needed (nothing falls vacant), empty (nobody ready), thin (fewer ready than needed) or enough
--   date_month   INTEGER  the date: the one given, else the first term change of the tier, YYYYMM
--   document     VARCHAR  source of the kind
--   clause       VARCHAR  clause of the source
--   confirmed    VARCHAR  who stands behind it
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
filled_by (kind, role) as (
    values
        ('chiefs', 'secretary'), ('chiefs', 'chief'), ('deputies', 'deputy'), ('deputies', 'member'),
        ('divisions', 'division_head'), ('divisions', 'division_deputy')
),
seat as (
    select distinct
        dated.reserve, dated.date_month, unit.unit_no, filled_by.kind,
        case filled_by.kind
            when 'chiefs' then unit.approved_chiefs
            when 'deputies' then unit.approved_deputies
            else unit.approved_divisions
        end as approved
    from dated
    inner join filled_by on list_contains(string_split(dated.roles, '|'), filled_by.role)
    inner join unit on list_contains(string_split(dated.bodies, '|'), unit.body)
    inner join extent
        on unit.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where coalesce(unit.valid_from, 0) <= $as_of and coalesce(unit.valid_to, 999912) > $as_of
),
holder as (
    select
        standing.unit_no, filled_by.kind, standing.person_id,
        least(coalesce(standing.statutory_month, 999912), coalesce(standing.post_line_month, 999912)) as leaves_month
    from standing
    inner join filled_by on standing.role = filled_by.role
    where standing.is_primary and standing.counted and standing.start_month <= $as_of and standing.end_month > $as_of
),
manned as (
    select
        seat.reserve, seat.unit_no, seat.kind, coalesce(any_value(seat.approved), count(holder.person_id)) as approved,
        count(holder.person_id) as held,
        count(*) filter (holder.leaves_month > seat.date_month) as staying
    from seat
    left join holder on seat.unit_no = holder.unit_no and seat.kind = holder.kind
    group by seat.reserve, seat.unit_no, seat.kind
),
post as (
    select
        reserve, sum(approved) as seats, sum(greatest(approved - held, 0)) as empty_posts,
        sum(greatest(approved - staying, 0) - greatest(approved - held, 0)) as falling
    from manned
    group by reserve
),
kept as (
    select
        dated.reserve, dated.bodies, dated.roles, dated.date_month, spell.person_id, spell.body, spell.role,
        spell.leaves_month, spell.birth_month + 100 * dated.upper_age as line_month,
        min(held.ready_month) as ready_month
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
    group by all
),
judged as (
    select
        *,
        case
            when list_contains(string_split(bodies, '|'), body) and list_contains(string_split(roles, '|'), role)
                then 'holds'
            when not coalesce(line_month > date_month, false) then 'over_line'
            when leaves_month <= date_month then 'leaving'
            when ready_month <= date_month then 'ready'
            else 'not_ready'
        end as state
    from kept
),
tally as (
    select
        reserve, count(*) as people, count(*) filter (state = 'holds') as holds,
        count(*) filter (state = 'over_line') as over_line, count(*) filter (state = 'leaving') as leaving,
        count(*) filter (state = 'ready') as ready, count(*) filter (state = 'not_ready') as not_ready
    from judged
    group by reserve
),
told as (
    select
        dated.*, coalesce(post.seats, 0) as seats, coalesce(post.empty_posts, 0) as empty_posts,
        coalesce(post.falling, 0) as falling,
        dated.people * coalesce(post.empty_posts + post.falling, 0) as needed,
        coalesce(tally.people, 0) as kept, coalesce(tally.holds, 0) as holds, coalesce(tally.over_line, 0) as over_line,
        coalesce(tally.leaving, 0) as leaving, coalesce(tally.ready, 0) as ready,
        coalesce(tally.not_ready, 0) as not_ready
    from dated
    left join post on dated.reserve = post.reserve
    left join tally on dated.reserve = tally.reserve
    where dated.date_month is not null
)
select
    reserve, upper_age, cast(seats as integer) as seats, cast(empty_posts as integer) as empty_posts,
    cast(falling as integer) as falling, people as each, cast(needed as integer) as needed,
    cast(kept as integer) as people, cast(holds as integer) as holds, cast(over_line as integer) as over_line,
    cast(leaving as integer) as leaving, cast(ready as integer) as ready, cast(not_ready as integer) as not_ready,
    case
        when needed = 0 then 'not_needed' when ready = 0 then 'empty' when ready < needed then 'thin' else 'enough'
    end as finding,
    date_month, document, clause, confirmed
from told
where seats > 0 or kept > 0
order by place
