// The root command: what all commands share, and the list of them.

// Package cli is the commands of `kubectl plesk`. What they say is decided in package fleet.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/client-go/rest"
	"k8s.io/utils/clock"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// env is what all commands work with.
type env struct {
	genericiooptions.IOStreams
	flags   *genericclioptions.ConfigFlags
	clock   clock.PassiveClock
	version string
	output  string
	colour  bool
	// addresses say where servers may be. Whoever runs this reads the credentials themselves, and the Secret says where they may go.
	addresses      xmlapi.Addresses
	allowAddresses string // more of them
	// open shows a link to the user.
	open func(ctx context.Context, link string) error
}

// Option changes what a root command works with: tests use it.
type Option func(*env)

// WithClock has the commands use another clock.
func WithClock(c clock.PassiveClock) Option { return func(e *env) { e.clock = c } }

// WithReach has the commands connect to other addresses, too.
func WithReach(a xmlapi.Addresses) Option { return func(e *env) { e.addresses = a } }

// commands is the list of all commands, in the order of the help.
func commands(e *env) []*cobra.Command {
	return []*cobra.Command{
		newStatus(e), newWhy(e), newTree(e),
		newDiff(e), newPlan(e), newApprove(e), newReject(e),
		newReconcile(e), newSuspend(e), newResume(e), newRotate(e),
		newOrphans(e), newExport(e),
		newLogin(e), newAct(e),
	}
}

// NewRoot returns `kubectl plesk`.
func NewRoot(streams genericiooptions.IOStreams, version string, options ...Option) *cobra.Command {
	e := &env{IOStreams: streams, flags: genericclioptions.NewConfigFlags(true), clock: clock.RealClock{}, version: version, open: openLink}
	e.flags.WrapConfigFn = hurry
	e.colour = coloured(streams.Out)
	for _, o := range options {
		o(e)
	}
	root := &cobra.Command{
		Use:   "kubectl-plesk",
		Short: "See what plesk-operator does and why, and let it",
		Long: `See what plesk-operator does and why, let changes through, and do on a Plesk server what no resource describes.

Every command works with your own rights in the cluster, and says which one you lack. An object is named as
KIND/NAME, where the kind may be short: PleskCustomer/acme, customer/acme, plcust/acme.

Exit status: 0 done, 1 failed or declined, 2 where a command says so.`,
		Example:       "  kubectl plesk status -A\n  kubectl plesk why customer/acme",
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl plesk"},
	}
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.ErrOut)
	e.flags.AddFlags(root.PersistentFlags())
	root.PersistentFlags().StringVarP(&e.output, "output", "o", "", "print as json or yaml instead of text")
	for _, name := range []string{"namespace", "output"} {
		complete := e.completeNamespace
		if name == "output" {
			complete = cobra.FixedCompletions([]string{"json", "yaml"}, cobra.ShellCompDirectiveNoFileComp)
		}
		if err := root.RegisterFlagCompletionFunc(name, complete); err != nil {
			panic(err) // the flags are those of above
		}
	}
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return e.checkOutput() }
	root.AddCommand(commands(e)...)
	return root
}

func (e *env) checkOutput() error {
	if e.output != "" && e.output != "json" && e.output != "yaml" {
		return fmt.Errorf("--output %q: want json or yaml", e.output)
	}
	return nil
}

// hurry lets a client ask as fast as kubectl does.
func hurry(c *rest.Config) *rest.Config {
	c.QPS, c.Burst = 50, 300
	return c
}

// coloured reports whether colours are wanted: on a terminal, and nobody has asked for none (no-color.org).
func coloured(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// codeError is an outcome that has an exit status of its own, and has been told already.
type codeError struct {
	code int
	text string
}

// Error implements error.
func (e *codeError) Error() string { return e.text }

// ExitCode is the exit status that an error leads to.
func ExitCode(err error) int {
	if c, ok := errors.AsType[*codeError](err); ok {
		return c.code
	}
	if err != nil {
		return 1
	}
	return 0
}

// Complain says why a command has failed, on as many lines as it takes. An error may hold what others have written, in the cluster or on a server.
func Complain(w io.Writer, err error) {
	if err == nil || err.Error() == "" { // "" is told already
		return
	}
	lines := strings.Split(err.Error(), "\n")
	for i := range lines {
		lines[i] = shown(lines[i])
	}
	fmt.Fprintln(w, "error:", strings.Join(lines, "\n"))
}

// withHint names the flag where an address is refused that the user may know better than this program.
func withHint(err error) error {
	if _, refused := errors.AsType[xmlapi.RefusedAddressError](err); refused {
		return fmt.Errorf("%w; --allow-addresses opens networks, e.g. 127.0.0.0/8", err)
	}
	return err
}

// confirm asks before something is done. Without an answer, nothing is.
func (e *env) confirm(question string, yes bool) (bool, error) {
	if yes {
		return true, nil
	}
	fmt.Fprintf(e.ErrOut, "%s [y/N] ", shown(question))
	answer, err := readLine(e.In)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return true, nil
	case "":
		if errors.Is(err, io.EOF) {
			fmt.Fprintln(e.ErrOut)
			return false, errors.New("nobody answered: nothing was done; --yes answers for scripts")
		}
	}
	return false, nil
}

// readLine reads one line and nothing beyond it: the next question has an answer of its own.
func readLine(r io.Reader) (string, error) {
	var line []byte
	for one := make([]byte, 1); ; {
		n, err := r.Read(one)
		if n == 1 {
			if one[0] == '\n' {
				return string(line), nil
			}
			line = append(line, one[0])
		}
		if err != nil {
			return string(line), err
		}
	}
}
