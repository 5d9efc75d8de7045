// The bench: measures the figures of docs/performance.md, prints them as a table, and writes them to bench/results.json.

// Command bench measures what the operator costs servers, the API server and its own machine, and what servers cost each other. It runs the
// real control plane, simulated Plesk servers in this process, and the manager as a process of its own. It ends with status 1 if a figure is
// above its bound or could not be measured. docs/performance.md explains the figures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"

	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
)

// stage measures figures that have something in common.
type stage struct {
	name    string
	counted bool // it has figures that are counted, and is part of the quick bench
	measure func(context.Context, *lab) ([]Figure, error)
}

var stages = []stage{
	{"lone-objects", false, loneObjects}, // how many reads wait together depends on how fast this side is
	{"new-objects-busy", false, freshOnBusy},
	{"new-objects-idle", false, freshOnIdle},
	{"neighbours", false, neighbours},
	{"hostile", false, hostileServers},
	{"fleet", true, inSync},
}

func main() {
	log.SetLogger(zap.New(zap.WriteTo(io.Discard))) // that of controller-runtime, which wants one
	objects := flag.Int("objects", fullObjects, "Objects of the fleet that is in sync.")
	quick := flag.Bool("quick", false, "Only what is counted, with a small fleet: what the tests assert.")
	only := flag.String("only", "", "Only the stages that match this regular expression.")
	profiles := flag.String("pprof", "0", "Address at which the manager of the stage under way shows its profiles, such as 127.0.0.1:6060.")
	markdown := flag.Bool("markdown", false, "Print the table as Markdown.")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the bench at once; the testbed's guard cleans up then
	sizes := full(*objects)
	if *quick {
		sizes = small()
	}
	show := printTable
	if *markdown {
		show = printMarkdown
	}
	if err := bench(ctx, sizes, *only, *profiles, show); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench measures, prints and keeps the figures. A stage that fails does not keep the others from being measured.
func bench(ctx context.Context, s sizes, only, profiles string, show func(io.Writer, []Figure) error) (err error) {
	which, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	l, err := newLab(ctx, s, os.Stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	l.profiles = profiles
	figures, err := l.measure(ctx, which)
	for _, f := range figures {
		if !f.OK {
			err = errors.Join(err, fmt.Errorf("above its bound: %s", f))
		}
	}
	return errors.Join(err, show(os.Stdout, figures), writeResults(filepath.Join(l.bed.Root, "bench", "results.json"), figures))
}

// measure goes through the stages.
func (l *lab) measure(ctx context.Context, which *regexp.Regexp) ([]Figure, error) {
	var figures []Figure
	var errs []error
	for _, s := range stages {
		if !which.MatchString(s.name) || !s.counted && !l.timed {
			continue
		}
		l.say("=== %s", s.name)
		more, err := s.measure(ctx, l)
		figures = append(figures, more...)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s.name, err))
		}
	}
	return figures, errors.Join(errs...)
}
