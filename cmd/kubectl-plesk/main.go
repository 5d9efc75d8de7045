// The kubectl plugin as a program: `kubectl plesk`.

// Command kubectl-plesk shows what the operator does and why, lets changes through, and does on a Plesk server what no resource describes.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/cli"
)

// version is set by the build.
var version = "dev"

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := cli.NewRoot(genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}, version)
	err := root.ExecuteContext(ctx)
	cli.Complain(os.Stderr, err)
	return cli.ExitCode(err)
}
