// Gets the released binaries by setup-envtest, where the network allows it, and gives up soon where it does not.

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	// setupEnvtestDir holds the module that pins setup-envtest; a module of its own, so that
	// its dependencies and those of Kubernetes do not move each other.
	setupEnvtestDir     = "setup-envtest"
	setupEnvtestPackage = "sigs.k8s.io/controller-runtime/tools/setup-envtest"

	// compileLimit bounds the compilation of setup-envtest itself.
	compileLimit = 60 * time.Second
	// indexLimit bounds the question whether there is anything to download: a network that
	// swallows packets must not cost more than this.
	indexLimit = 20 * time.Second
	// downloadLimit bounds the transfer of some 70 MB; a connection that needs longer would
	// make a build the faster way.
	downloadLimit = 3 * time.Minute
)

// download links the binaries of setup-envtest's store into dir. Any patch release of the minor
// version does: not every one of them is published.
func download(ctx context.Context, log io.Writer, work, dir string, v versions) error {
	selector := fmt.Sprintf("%s.%s.x", v.major, v.minor)
	fmt.Fprintf(log, "controlplane: looking for released binaries of Kubernetes %s with setup-envtest\n", selector)

	tool := filepath.Join(work, "setup-envtest")
	if _, err := output(ctx, compileLimit, setupEnvtestDir, "go", "build", "-mod=readonly", "-buildvcs=false", "-o", tool, setupEnvtestPackage); err != nil {
		return fmt.Errorf("compile setup-envtest: %w", err)
	}
	store, err := output(ctx, indexLimit, ".", tool, "use", "--installed-only", "--print=path", selector)
	if err != nil {
		// Nothing in the store. The index answers fast or not at all, so it is asked on a
		// short leash before the transfer gets a long one.
		available, err := output(ctx, indexLimit, ".", tool, "list", selector)
		if err != nil {
			return fmt.Errorf("no released binaries: %w", err)
		}
		if available == "" {
			return fmt.Errorf("no released binaries of %s for this platform", selector)
		}
		fmt.Fprintln(log, "controlplane: downloading them")
		store, err = output(ctx, downloadLimit, ".", tool, "use", "--print=path", selector)
		if err != nil {
			return fmt.Errorf("download released binaries: %w", err)
		}
	}
	if lacking := missing(store); len(lacking) > 0 {
		return fmt.Errorf("download released binaries: %s has no %s", store, strings.Join(lacking, ", "))
	}
	return link(store, work, dir)
}

// link makes dir's binaries links to those in store.
func link(store, work, dir string) error {
	for _, name := range []string{apiserver, etcd} {
		temporary := filepath.Join(work, name)
		if err := os.Symlink(filepath.Join(store, name), temporary); err != nil {
			return fmt.Errorf("link %s: %w", name, err)
		}
		if err := os.Rename(temporary, filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("put %s in place: %w", name, err)
		}
	}
	return nil
}

// output runs a command for at most limit and returns what it prints, trimmed. What it says on
// standard error becomes part of the error.
func output(ctx context.Context, limit time.Duration, dir, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, buildEnvironment()
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() == context.DeadlineExceeded {
			return "", fmt.Errorf("%s gave no answer within %s", filepath.Base(name), limit)
		}
		return "", fmt.Errorf("%s: %w: %s", filepath.Base(name), err, strings.TrimSpace(stderr.String()))
	}
	return strings.TrimSpace(stdout.String()), nil
}
