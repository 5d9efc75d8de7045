// Command controlplane prints the directory that holds kube-apiserver and etcd for envtest,
// and downloads or builds the two when this machine does not have them yet.
//
// Run it from the root of the repository:
//
//	KUBEBUILDER_ASSETS=$(go -C hack/controlplane run .)
//
// Standard output is that one line; everything else goes to standard error. The launcher links
// nothing but the standard library, so that asking for the directory stays cheap: what it
// builds is named by the tool lines of go.mod.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
)

// goMod is where the versions are written down, once.
//
//go:embed go.mod
var goMod string

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	dir, err := resolve(ctx, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "controlplane:", err)
		os.Exit(1)
	}
	fmt.Println(dir)
}

// resolve returns the directory with both binaries. It takes the lock only when something has
// to be put into the cache, and then looks again: another invocation may have done the work.
func resolve(ctx context.Context, log io.Writer) (string, error) {
	versions, err := readVersions(goMod)
	if err != nil {
		return "", err
	}
	s := situation{assets: os.Getenv("KUBEBUILDER_ASSETS"), buildOnly: os.Getenv("CONTROLPLANE_BUILD") == "1"}
	if s.assets != "" {
		s.assetsMissing = missing(s.assets)
		_, err := order(s)
		return s.assets, err
	}

	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a place for the binaries: %w", err)
	}
	dir := filepath.Join(cache, "plesk-operator", "controlplane",
		fmt.Sprintf("%s-%s-%s", versions.kubernetes, runtime.GOOS, runtime.GOARCH))
	if s.cacheMissing = missing(dir); len(s.cacheMissing) == 0 {
		return dir, nil
	}

	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make the cache directory: %w", err)
	}
	unlock, err := lock(ctx, dir+".lock", log)
	if err != nil {
		return "", err
	}
	defer unlock()
	s.cacheMissing = missing(dir)
	return dir, fill(ctx, log, dir, versions, s)
}

// fill puts both binaries into dir, by the first source that succeeds.
func fill(ctx context.Context, log io.Writer, dir string, v versions, s situation) error {
	sources, err := order(s)
	if err != nil {
		return err
	}
	// Everything is made in a directory next to dir and renamed into it, which is atomic
	// because both are on one file system. The work directory has a name of its own: go build
	// may outlive a launcher that was killed, and must not write into what comes after.
	remains, err := filepath.Glob(dir + ".partial-*")
	if err != nil {
		return fmt.Errorf("look for the remains of interrupted runs: %w", err)
	}
	for _, path := range remains {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("clear the remains of an interrupted run: %w", err)
		}
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".partial-")
	if err != nil {
		return fmt.Errorf("make a work directory: %w", err)
	}
	defer os.RemoveAll(work)

	var failures []error
	for _, source := range sources {
		switch source {
		case fromDownload:
			err = download(ctx, log, work, dir, v)
		case fromBuild:
			err = build(ctx, log, work, dir, v, s.cacheMissing)
		default:
			return nil
		}
		if err == nil || ctx.Err() != nil {
			return err
		}
		fmt.Fprintln(log, "controlplane:", err)
		failures = append(failures, err)
	}
	return fmt.Errorf("no source gave the binaries: %w", errors.Join(failures...))
}
