"""What we are given: contracts, readers, checks and the store that good rows land in."""
