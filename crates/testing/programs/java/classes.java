// Several classes in one text; none of them is public, and the one that starts is the last.
import java.util.List;

sealed interface Shape permits Circle, Square {
    double area();
}

record Circle(double radius) implements Shape {
    public double area() {
        return Math.PI * radius * radius;
    }
}

record Square(double side) implements Shape {
    public double area() {
        return side * side;
    }
}

enum Unit {
    METRE("m"), FOOT("ft");

    final String symbol;

    Unit(String symbol) {
        this.symbol = symbol;
    }
}

abstract class Printer<T> {
    abstract String print(T value);
}

class Program {
    public static void main(String[] args) {
        Printer<Shape> printer = new Printer<>() {
            @Override
            String print(Shape shape) {
                if (shape instanceof Circle circle) return "circle of " + circle.radius();
                return shape.toString();
            }
        };
        for (Shape shape : List.of(new Circle(1), new Square(2))) {
            System.out.printf("%s: %.3f %s²%n", printer.print(shape), shape.area(), Unit.METRE.symbol);
        }
        String text = """
            a block
              of text""";
        System.out.println(text.lines().count() + switch (text.length()) { case 0 -> " none"; default -> " some"; });
    }
}
