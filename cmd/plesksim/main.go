// Command plesksim runs a simulated Plesk server.
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
		fmt.Fprintln(os.Stderr, "plesksim:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, out, diagnostics io.Writer) error {
	opts, err := parse(args, diagnostics)
	if err != nil {
		return err
	}
	srv, err := plesksim.New(opts)
	if err != nil {
		return err
	}
	if err := srv.Start(); err != nil { //nolint:contextcheck // Close ends it, after the grace period
		return err
	}
	defer srv.Close()
	fmt.Fprintf(out, "plesksim: ready on %s, CA %s\n", srv.URL(), filepath.Join(opts.TLSDir, "ca.crt"))
	<-ctx.Done()
	// Clients that are being answered get their answer; a second is plenty, unless an injected fault makes them wait.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	srv.Shutdown(grace)
	return nil
}

func parse(args []string, diagnostics io.Writer) (plesksim.Options, error) {
	flags := flag.NewFlagSet("plesksim", flag.ContinueOnError)
	flags.SetOutput(diagnostics)
	listen := flags.String("listen", "127.0.0.1:8443", "`address` to listen on")
	hostname := flags.String("hostname", plesksim.DefaultHostname, "the server's own `name`")
	system := flags.String("os", string(plesksim.Linux), "`system` that it runs on: linux or windows")
	login := flags.String("login", plesksim.DefaultLogin, "the administrator's `login`")
	passwordFile := flags.String("password-file", "", "`file` with the administrator's password (required)")
	tlsDir := flags.String("tls-dir", "", "`directory` for the CA certificate (ca.crt) and the server's key and certificate, made when absent (required)")
	if err := flags.Parse(args); err != nil {
		return plesksim.Options{}, err
	}
	if flags.NArg() > 0 {
		return plesksim.Options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if o := plesksim.OS(*system); o != plesksim.Linux && o != plesksim.Windows {
		return plesksim.Options{}, fmt.Errorf("-os %s: must be linux or windows", *system)
	}
	if *passwordFile == "" || *tlsDir == "" {
		return plesksim.Options{}, errors.New("-password-file and -tls-dir are required")
	}
	password, err := os.ReadFile(*passwordFile)
	if err != nil {
		return plesksim.Options{}, err
	}
	trimmed := strings.TrimRight(string(password), "\r\n")
	if trimmed == "" {
		return plesksim.Options{}, fmt.Errorf("%s is empty", *passwordFile)
	}
	return plesksim.Options{Address: *listen, Hostname: *hostname, OS: plesksim.OS(*system), Login: *login, Password: trimmed, TLSDir: *tlsDir}, nil
}
