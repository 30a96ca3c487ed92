package com.example.tools;

public class Packaged {
    static class Inner {}

    public static void main(String[] args) {
        System.out.println(Packaged.class.getName() + " " + new Inner().getClass().getName() + " " + Packaged.class.getPackageName());
        throw new UnsupportedOperationException("from a package");
    }
}
