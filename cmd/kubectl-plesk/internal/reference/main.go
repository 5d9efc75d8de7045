// The generator of docs/kubectl-plesk.md: what the plugin is for, then every command, as its help says.

// Command reference prints the documentation of the plugin.
package main

import (
	_ "embed"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/cli"
)

// head is written by hand; what it shows, a test carries out (internal/cli).
//
//go:embed head.md
var head string

func main() {
	root := cli.NewRoot(genericiooptions.IOStreams{In: strings.NewReader(""), Out: io.Discard, ErrOut: io.Discard}, "")
	root.InitDefaultHelpFlag()
	fmt.Print("<!-- Written by cmd/kubectl-plesk/internal/reference from its head.md and the commands' help. Do not edit. -->\n\n", head)
	for _, c := range root.Commands() {
		write(os.Stdout, c, 3)
	}
	fmt.Printf("\n## Flags of all commands\n\n```\n%s```\n", flags(root.PersistentFlags().FlagUsages()))
}

// write describes a command and those below it.
func write(w io.Writer, c *cobra.Command, level int) {
	if c.Hidden || c.Name() == "help" || c.Name() == "completion" {
		return
	}
	fmt.Fprintf(w, "\n%s `%s`\n\n%s\n\n```\n%s\n```\n\n", strings.Repeat("#", level), c.CommandPath(), c.Long, c.UseLine())
	fmt.Fprintf(w, "```sh\n%s\n```\n", strings.ReplaceAll(strings.TrimPrefix(c.Example, "  "), "\n  ", "\n"))
	if own := c.LocalNonPersistentFlags(); own.HasAvailableFlags() {
		fmt.Fprintf(w, "\n```\n%s```\n", flags(own.FlagUsages()))
	}
	for _, sub := range c.Commands() {
		write(w, sub, level+1)
	}
}

// flags takes the home directory of whoever generates this out.
func flags(usages string) string {
	if home, err := os.UserHomeDir(); err == nil && home != "/" {
		usages = strings.ReplaceAll(usages, home, "$HOME")
	}
	return usages
}
