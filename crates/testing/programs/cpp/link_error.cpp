int elsewhere(int);

int main() {
    return elsewhere(1);
}
