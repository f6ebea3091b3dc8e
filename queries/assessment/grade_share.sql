-- asks: How many were graded excellent against the cap, in whole people?
-- reads: grade_count, grade_cap, unassessed, extent
-- takes: year, group?, unit?
-- grain: cap_id, peer_group
-- columns:
--   cap_id            VARCHAR  the cap
--   who_en            VARCHAR  whom it is about
--   who_zh            VARCHAR  whom it is about, in Chinese
--   about             VARCHAR  people, leaders or teams
--   counted_by        VARCHAR  unit or group: where the cap is taken and rounded down
--   peer_group        VARCHAR  assessment group; null outside every group
--   taking_part       INTEGER  who have one of the four grades
--   ungraded          INTEGER  who have none and count in no share
--   unassessed        INTEGER  who should have been assessed and of whom nothing is known
--   share_low         DOUBLE   part graded excellent if none of those were; null where nobody takes part
--   share_high        DOUBLE   part graded excellent if all of those were
--   cap_share         VARCHAR  the cap, as a fraction
--   allowed           INTEGER  cap times those taking part, rounded down, added over what it is counted in
--   given             INTEGER  graded excellent
--   over              INTEGER  excellent above the cap, added over what it is counted in
--   over_approved     INTEGER  above the cap that an approval allows; null where none is known
--   bodies            INTEGER  units or groups counted
--   bodies_over       INTEGER  of them above the cap
--   document          VARCHAR  source
--   clause            VARCHAR  clause of the source
--   confirmed         VARCHAR  who stands behind it
with counted as (
    select
        cap.cap_id, cap.place, cap.name_en, cap.name_zh, cap.about, cap.counted_in, cap.share,
        cap.numerator, cap.divisor, cap.approved_numerator, cap.approved_divisor,
        cap.document, cap.clause, cap.confirmed, tally.peer_group,
        sum(tally.taking_part) as taking_part, sum(tally.ungraded) as ungraded, sum(tally.excellent) as given
    from grade_count as tally
    inner join extent
        on tally.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    inner join grade_cap as cap
        on tally.about = cap.about
        and cap.valid_from <= $year * 100 + 12 and cap.valid_to > $year * 100 + 12
    where tally.year = $year and ($group is null or tally.peer_group = $group)
    group by
        cap.cap_id, cap.place, cap.name_en, cap.name_zh, cap.about, cap.counted_in, cap.share,
        cap.numerator, cap.divisor, cap.approved_numerator, cap.approved_divisor,
        cap.document, cap.clause, cap.confirmed, tally.peer_group,
        case when cap.counted_in = 'unit' then tally.unit_no end
),
unknown as (
    select missing.about, missing.peer_group, count(*) as people
    from unassessed as missing
    inner join extent
        on missing.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where missing.year = $year
    group by missing.about, missing.peer_group
),
capped as (
    select
        *,
        floor(numerator * taking_part / divisor) as allowed,
        floor(approved_numerator * taking_part / approved_divisor) as approved
    from counted
)
select
    cap_id, name_en as who_en, name_zh as who_zh, capped.about, counted_in as counted_by, capped.peer_group,
    cast(sum(taking_part) as integer) as taking_part, cast(sum(ungraded) as integer) as ungraded,
    cast(coalesce(max(unknown.people), 0) as integer) as unassessed,
    sum(given) / nullif(sum(taking_part) + coalesce(max(unknown.people), 0), 0)::double as share_low,
    (sum(given) + coalesce(max(unknown.people), 0))
        / nullif(sum(taking_part) + coalesce(max(unknown.people), 0), 0)::double as share_high,
    share as cap_share,
    cast(sum(allowed) as integer) as allowed, cast(sum(given) as integer) as given,
    cast(sum(greatest(given - allowed, 0)) as integer) as over,
    cast(sum(case when approved is not null then greatest(given - approved, 0) end) as integer) as over_approved,
    cast(count(*) as integer) as bodies,
    cast(count(case when given > allowed then 1 end) as integer) as bodies_over,
    document, clause, confirmed
from capped
left join unknown on capped.about = unknown.about and capped.peer_group is not distinct from unknown.peer_group
group by cap_id, place, name_en, name_zh, capped.about, counted_in, capped.peer_group, share, document, clause, confirmed
order by place, capped.peer_group nulls last
