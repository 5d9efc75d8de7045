// The bench: where tests run with a mutation in place. The tree stays as it is: the go command is told to read other files in place of
// those that are mutated, also where a test builds programs itself.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// testTimeout bounds the tests of one package. A test that times out has noticed nothing.
const testTimeout = 10 * time.Minute

type bench struct {
	root, scratch string
	goflags       string // as they are without a mutation
	mu            sync.Mutex
	out           io.Writer
}

func newBench(ctx context.Context, root string, out io.Writer) (*bench, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	flags, err := exec.CommandContext(ctx, "go", "env", "GOFLAGS").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOFLAGS: %w", err)
	}
	scratch, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return nil, err
	}
	return &bench{root: root, scratch: scratch, goflags: strings.TrimSpace(string(flags)), out: out}, nil
}

// intact stands for the tree without a mutation.
const intact = "intact"

// try runs all tests without a mutation, then those of each mutation with it.
func (b *bench) try(ctx context.Context, chosen []mutation, parallel int) error {
	var all []test
	for _, m := range chosen {
		if _, err := m.mutated(b.root); err != nil {
			return err // before anything is run
		}
		all = append(all, m.by...)
	}
	began := time.Now()
	results, err := b.run(ctx, mutation{name: intact, by: all})
	if err != nil {
		return fmt.Errorf("without a mutation: %w", err)
	}
	var amiss []string
	for t, r := range results {
		if r != passed {
			amiss = append(amiss, fmt.Sprintf("%s: %s %s", t.pkg, t.name, r))
		}
	}
	if amiss != nil {
		slices.Sort(amiss)
		return fmt.Errorf("without a mutation:\n%s", strings.Join(amiss, "\n"))
	}
	b.say("%-8s %4.0fs  %s: %d tests\n", "passed", time.Since(began).Seconds(), intact, len(results))

	var wg sync.WaitGroup
	places := make(chan struct{}, parallel)
	bad := make([]bool, len(chosen))
	for i, m := range chosen {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			bad[i] = !b.dies(ctx, m)
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var names []string
	for i, m := range chosen {
		if bad[i] {
			names = append(names, m.name)
		}
	}
	if names != nil {
		return fmt.Errorf("%d of %d mutations were not noticed as they have to be: %s", len(names), len(chosen), strings.Join(names, ", "))
	}
	b.say("all %d mutations were noticed, in %.0f s\n", len(chosen), time.Since(began).Seconds())
	return nil
}

// dies reports whether each of a mutation's tests fails, and says so.
func (b *bench) dies(ctx context.Context, m mutation) bool {
	began := time.Now()
	results, err := b.run(ctx, m)
	word, lines := "killed", []string(nil)
	for _, t := range m.by {
		r := results[t]
		if r != failed {
			word = "SURVIVED"
		}
		lines = append(lines, fmt.Sprintf("%s: %s %s", t.pkg, t.name, r))
	}
	if err != nil {
		word, lines = "ERROR", []string{err.Error()}
	}
	b.say("%-8s %4.0fs  %s\n           %s\n", word, time.Since(began).Seconds(), m.name, strings.Join(lines, "\n           "))
	return word == "killed"
}

func (b *bench) say(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, _ = fmt.Fprintf(b.out, format, args...) // a terminal that is gone has nowhere to say so
}

// run returns what became of each test of a mutation. An error means that there is no result: the mutation does not compile, a
// suite could not begin, or time has run out.
func (b *bench) run(ctx context.Context, m mutation) (map[test]result, error) {
	dir := filepath.Join(b.scratch, m.name)
	overlay, err := b.overlay(dir, m)
	if err != nil {
		return nil, err
	}
	names := map[string][]string{}
	for _, t := range m.by {
		if !slices.Contains(names[t.pkg], t.name) {
			names[t.pkg] = append(names[t.pkg], t.name)
		}
	}
	out := map[test]result{}
	for _, pkg := range slices.Sorted(maps.Keys(names)) {
		results, err := b.runPackage(ctx, dir, overlay, pkg, names[pkg])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", pkg, err)
		}
		for name, r := range results {
			out[test{pkg, name}] = r
		}
	}
	return out, nil
}

// overlay writes the mutated files, and the file that has the go command read them.
func (b *bench) overlay(dir string, m mutation) (string, error) {
	files, err := m.mutated(b.root)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	replace := map[string]string{}
	for file, text := range files {
		there := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(there, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(b.root, filepath.FromSlash(file))] = there
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, list, 0o600)
}

func (b *bench) runPackage(ctx context.Context, dir, overlay, pkg string, names []string) (map[string]result, error) {
	args := []string{"test", "-json", "-count=1", "-vet=off", "-timeout=" + testTimeout.String(), "./" + pkg}
	report := filepath.Join(dir, path.Base(pkg)+".specs.json")
	flags, isSuite := suites[pkg]
	if isSuite {
		args = append(append(args, flags...), "-ginkgo.fail-on-empty", "-ginkgo.json-report="+report)
		for _, n := range names {
			args = append(args, "-ginkgo.focus="+regexp.QuoteMeta(n))
		}
	} else {
		args = append(args, "-run=^("+strings.Join(names, "|")+")$")
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = b.root
	cmd.Env = append(os.Environ(), "GOFLAGS="+strings.TrimSpace(b.goflags+" -overlay="+overlay))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = time.Minute // a control plane has to end
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited || ctx.Err() != nil {
		return nil, errors.Join(err, ctx.Err())
	}
	if err := os.WriteFile(filepath.Join(dir, path.Base(pkg)+".json"), stdout.Bytes(), 0o600); err != nil {
		return nil, err
	}
	all, err := readEvents(&stdout)
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, stderr.String())
	}
	if !isSuite {
		return chosenTests(all, names), nil
	}
	text, err := os.ReadFile(report)
	if err != nil {
		return nil, err
	}
	return chosenSpecs(text, names)
}
