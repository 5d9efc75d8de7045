// The mutations of docs/reliability.md, run: each breaks a law on purpose, and a test that guards it has to fail.

// Command mutants breaks the operator in one place at a time and runs the tests that are named for it. It ends with an error when one of
// them passes, when they do not pass without the mutation, or when the list has gone stale.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"
)

//go:generate go run . -root ../.. -write

func main() {
	root := flag.String("root", ".", "the repository")
	write := flag.Bool("write", false, "write the table of docs/reliability.md, and run nothing")
	only := flag.String("only", "", "run the mutations whose name this regular expression matches")
	parallel := flag.Int("p", 4, "mutations tried at the same time; their tests wait most of the time")
	flag.Parse()
	if err := run(*root, *write, *only, *parallel); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(root string, write bool, only string, parallel int) error {
	if write {
		return writeTable(root)
	}
	pattern, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	var chosen []mutation
	for _, m := range mutations {
		if pattern.MatchString(m.name) {
			chosen = append(chosen, m)
		}
	}
	if len(chosen) == 0 {
		return fmt.Errorf("no mutation is called like %q", only)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b, err := newBench(ctx, root, os.Stdout)
	if err != nil {
		return err
	}
	if err := b.try(ctx, chosen, parallel); err != nil {
		return fmt.Errorf("%w\n(what the tests said is in %s)", err, b.scratch)
	}
	return os.RemoveAll(b.scratch)
}
