// Compiles kube-apiserver and etcd from their Go modules and says meanwhile what is going on.

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// heartbeat is how often a build says that it is alive.
const heartbeat = 20 * time.Second

// A target is one binary to compile.
type target struct {
	name, module, version, pkg string
	ldflags                    []string
}

// targets returns what to build, the quick one first.
func targets(v versions, now time.Time) []target {
	return []target{
		{name: etcd, module: etcdModule, version: v.etcd, pkg: etcdModule},
		{name: apiserver, module: kubernetesModule, version: v.kubernetes, pkg: kubernetesModule + "/cmd/kube-apiserver", ldflags: stamp(v, now)},
	}
}

// stamp returns the linker flags that tell kube-apiserver its version, which otherwise calls
// itself v0.0.0-master. The commit is not part of a Go module; the module's name and version,
// whose content go.sum fixes, say the same.
func stamp(v versions, now time.Time) []string {
	var flags []string
	for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		for _, pair := range [][2]string{
			{"gitVersion", v.kubernetes},
			{"gitMajor", v.major},
			{"gitMinor", v.minor},
			{"gitCommit", kubernetesModule + "@" + v.kubernetes},
			{"gitTreeState", "clean"},
			{"buildDate", now.UTC().Format(time.RFC3339)},
		} {
			flags = append(flags, "-X", pkg+"."+pair[0]+"="+pair[1])
		}
	}
	return flags
}

// build compiles the wanted binaries in work and renames each into dir when it is complete.
func build(ctx context.Context, log io.Writer, work, dir string, v versions, wanted []string) error {
	here, err := os.ReadFile("go.mod")
	if err != nil || string(here) != goMod {
		return fmt.Errorf("build: the current directory is not the module of this command; run it with go -C hack/controlplane run")
	}
	fmt.Fprintf(log, "controlplane: building %s %s and %s %s from source, because no ready binaries are at hand.\n"+
		"controlplane: That is most of Kubernetes: expect five to six minutes on two cores, and a few hundred megabytes of modules.\n"+
		"controlplane: It happens once; the binaries stay in %s\n", apiserver, v.kubernetes, etcd, v.etcd, dir)

	begin := time.Now()
	for _, t := range targets(v, begin) {
		if !slices.Contains(wanted, t.name) {
			continue
		}
		temporary := filepath.Join(work, t.name)
		if err := compile(ctx, log, t, temporary); err != nil {
			return err
		}
		if err := os.Rename(temporary, filepath.Join(dir, t.name)); err != nil {
			return fmt.Errorf("put %s in place: %w", t.name, err)
		}
	}
	fmt.Fprintf(log, "controlplane: done after %s\n", time.Since(begin).Round(time.Second))
	return nil
}

// compile runs go build for one target and reports on it every heartbeat.
func compile(ctx context.Context, log io.Writer, t target, out string) error {
	fmt.Fprintf(log, "controlplane: building %s from %s@%s\n", t.name, t.module, t.version)
	ldflags := append([]string{"-s", "-w"}, t.ldflags...)
	cmd := exec.CommandContext(ctx, "go", "build", "-v", "-mod=readonly", "-buildvcs=false",
		"-ldflags="+strings.Join(ldflags, " "), "-o", out, t.pkg)
	cmd.Env = buildEnvironment()
	var said transcript
	cmd.Stderr = &said
	// Asked politely, the go command removes its temporary files before it ends.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = 10 * time.Second

	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("build %s: %w", t.name, err)
	}
	finished := make(chan error, 1)
	go func() { finished <- cmd.Wait() }()
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			packages, latest := said.progress()
			fmt.Fprintf(log, "controlplane: %s: %s elapsed, %d packages compiled so far (%s)\n",
				t.name, time.Since(begin).Round(time.Second), packages, latest)
		case err := <-finished:
			if ctx.Err() != nil {
				return fmt.Errorf("build %s: %w", t.name, ctx.Err())
			}
			if err != nil {
				return fmt.Errorf("build %s: %w; go build said:\n%s", t.name, err, said.tail())
			}
			fmt.Fprintf(log, "controlplane: %s built in %s\n", t.name, time.Since(begin).Round(time.Second))
			return nil
		}
	}
}

// buildEnvironment is the environment for go build. It must give the same result everywhere: no
// C compiler needed, no flags, workspace or target platform taken from the caller.
func buildEnvironment() []string {
	return append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off",
		"GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
}
