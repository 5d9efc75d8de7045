// Building what the bed runs, from this tree.

package testbed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const modulePath = "github.com/plesk-operator/plesk-operator"

// repositoryRoot is the first directory above the working directory that holds the product's go.mod.
func repositoryRoot() (string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := wd; ; dir = filepath.Dir(dir) {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), "module "+modulePath+"\n") {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%s is not inside a clone of %s", wd, modulePath)
		}
	}
}

// Build builds the manager and the simulator, once; the parts that need them call it themselves. A caller that is
// compiled with the race detector gets programs that are, too: a race makes them end with an error.
func (b *Bed) Build(ctx context.Context) error {
	b.build.Lock()
	defer b.build.Unlock()
	if b.built {
		return nil
	}
	b.say("Building the manager and the simulated Plesk (takes minutes only when Go's build cache is cold)")
	args := []string{"build", "-o", b.path("bin") + string(filepath.Separator)}
	if raceDetector {
		args = append(args, "-race")
	}
	cmd := b.tool(ctx, append(args, "./cmd/manager", "./cmd/plesksim")...)
	cmd.Stdout = b.log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build the manager and the simulator: %w", err)
	}
	b.built = true
	return nil
}

// Kubectl builds kubectl, in the control plane's version, and returns the directory that holds it: for what people type.
func (b *Bed) Kubectl(ctx context.Context) (string, error) {
	b.build.Lock()
	defer b.build.Unlock()
	dir := b.path("kubectl")
	if _, err := os.Stat(filepath.Join(dir, "kubectl")); err == nil {
		return dir, nil
	}
	b.say("Building kubectl (takes minutes only when Go's build cache is cold)")
	cmd := b.tool(ctx, "-C", "hack/controlplane", "build", "-mod=readonly", "-buildvcs=false", "-o", dir+string(filepath.Separator), "k8s.io/kubernetes/cmd/kubectl")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=") // as the control plane is built, so that what both need is compiled once
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build kubectl: %w", err)
	}
	return dir, nil
}

// controlPlaneAssets is the directory with kube-apiserver and etcd.
func (b *Bed) controlPlaneAssets(ctx context.Context) (string, error) {
	if dir := os.Getenv("KUBEBUILDER_ASSETS"); dir != "" {
		return dir, nil
	}
	// The command says itself what it downloads or builds, and how long that takes.
	var dir strings.Builder
	cmd := b.tool(ctx, "-C", "hack/controlplane", "run", ".")
	cmd.Stdout = &dir
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("hack/controlplane: %w", err)
	}
	return strings.TrimSpace(dir.String()), nil
}

// tool makes a go command that ends with ctx, with all that it has started.
func (b *Bed) tool(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = b.Root
	cmd.Stderr = b.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// tail returns the last lines of a file, for error messages.
func tail(file string, lines int) string {
	f, err := os.Open(file)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = f.Close() }() // it was only read
	const enough = 64 << 10
	if size, err := f.Seek(0, io.SeekEnd); err == nil {
		_, err = f.Seek(max(0, size-enough), io.SeekStart)
		if err != nil {
			return err.Error()
		}
	}
	text, err := io.ReadAll(f)
	if err != nil && !errors.Is(err, io.EOF) {
		return err.Error()
	}
	all := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
