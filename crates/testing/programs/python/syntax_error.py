def greet(name):
    print("hello", name)


greet("a"
print("never")
