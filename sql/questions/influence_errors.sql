-- One row per touchpoint: how far the blocks of customers are from what is expected of them, squared.
--
-- grain:    touchpoint_no
-- columns:
--   touchpoint_no  integer  touchpoint
--   squares        double   sum over blocks of the square of their error, by the difference
--   ratio_squares  double   the same by the ratio; NULL: there is none
with

every as (

    select
        expected.touchpoint_no,
        block.block_no,
        -sum(expected.control_weight * (block.converts - block.touches * expected.control_mean)) as error,
        -sum(
            expected.ratio * expected.control_weight * (block.converts - block.touches * expected.control_share)
        ) as ratio_error
    from influence_block_trials as block
    inner join influence_expectations as expected on expected.stratum_no = block.stratum_no
    group by expected.touchpoint_no, block.block_no

),

listed as (

    select touchpoint_no, block_no, error, ratio_error
    from every
    union all
    select touchpoint_no, block_no, error, ratio_error
    from influence_block_parts

),

summed as (

    select
        touchpoint_no,
        block_no,
        sum(error) as error,
        sum(ratio_error) as ratio_error
    from listed
    group by touchpoint_no, block_no

)

select
    touchpoint_no,
    sum(error * error) as squares,
    sum(ratio_error * ratio_error) as ratio_squares
from summed
group by touchpoint_no
