// Command plesksim runs a simulated Plesk server; docs/plesksim.md is its manual.
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
	"strings"
	"syscall"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "plesksim:", strings.TrimPrefix(err.Error(), "plesksim: ")) // the package says who it is, too
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, out, diagnostics io.Writer) error {
	set, err := parse(args, diagnostics)
	if err != nil {
		return err
	}
	set.options.OnError = func(err error) { fmt.Fprintln(diagnostics, err) }
	srv, err := plesksim.New(set.options)
	if err != nil {
		return err
	}
	defer srv.Close()
	if err := set.arm(srv); err != nil {
		return err
	}
	if set.admin != "" {
		url, err := srv.StartAdmin(set.admin)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "plesksim: admin endpoint on %s\n", url)
	}
	if err := srv.Start(); err != nil { //nolint:contextcheck // Close ends it, after the grace period
		return err
	}
	if url := srv.PlainURL(); url != "" {
		fmt.Fprintf(out, "plesksim: plain HTTP on %s\n", url)
	}
	fmt.Fprintf(out, "plesksim: ready on %s, CA %s\n", srv.URL(), filepath.Join(set.options.TLSDir, "ca.crt"))
	<-ctx.Done()
	// Clients that are being answered get their answer; a second is plenty, unless an injected fault makes them wait.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	srv.Shutdown(grace)
	return srv.Save() // what could not be saved makes the program fail
}
