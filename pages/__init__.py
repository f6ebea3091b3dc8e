"""What we show: page scripts, the exhibits they place and the parts these are made of."""
