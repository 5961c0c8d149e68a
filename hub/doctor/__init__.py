"""What `hub doctor` looks at: is everything there that the hub needs?"""
