# comment


if x:  # comment

    # comment
  # comment
    y = (1,  # comment

# comment
  2)
    z = 1 + \
  2
