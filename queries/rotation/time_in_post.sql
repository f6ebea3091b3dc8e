-- asks: How long do people stay in one leading post: what share is still there after each number of months, as seen between two months?
-- reads: post_stay, extent
-- takes: since, until, role?, level?, body?, unit?
-- grain: month
-- columns:
--   month     INTEGER  months in the post
--   observed  INTEGER  people seen in the post in this month of their stay; nobody is counted before being seen
--   ended     INTEGER  of these, people who leave the post when it is full
--   survival  DOUBLE   share still in the post after it (Kaplan-Meier with delayed entry)
with seen as (
    select
        months_between(stay.start_month, greatest(stay.start_month, $since)) as entered,
        months_between(stay.start_month, least(stay.end_month, $until)) as served,
        stay.end_month <= $until as has_ended
    from post_stay as stay
    inner join extent on stay.unit_no between extent.first_no and extent.last_no
    where extent.unit_id = coalesce($unit, '*')
        and stay.start_month < $until and stay.end_month > $since
        and ($role is null or stay.role = $role)
        and ($level is null or stay.level = $level)
        and ($body is null or stay.body = $body)
),
change as (
    select entered + 1 as month, 1 as people, 0 as ended from seen
    union all
    select served + 1, -1, 0 from seen
    union all
    select served, 0, 1 from seen where has_ended
),
monthly as (
    select month, sum(people) as people, sum(ended) as ended from change group by month
),
counted as (
    select month, sum(people) over (order by month) as observed, ended from monthly
)
select
    month, cast(observed as integer) as observed, cast(ended as integer) as ended,
    product(1 - ended / observed) over (order by month) as survival
from counted
where ended > 0
order by month
