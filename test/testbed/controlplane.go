// The control plane: kube-apiserver and etcd under envtest, with the custom resource definitions installed.

package testbed

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// partWithin is how long each part may take to start, to end, and to know the custom resources: a busy machine needs more than the
// seconds that envtest allows.
const partWithin = 3 * time.Minute

func (b *Bed) startControlPlane(ctx context.Context) (err error) {
	if b.assets, err = b.controlPlaneAssets(ctx); err != nil {
		return err
	}
	b.say("Starting etcd and kube-apiserver")
	b.env = &envtest.Environment{
		CRDDirectoryPaths:        []string{filepath.Join(b.Root, "config", "crd", "bases")},
		ErrorIfCRDPathMissing:    true,
		CRDInstallOptions:        envtest.CRDInstallOptions{MaxTime: partWithin},
		ControlPlaneStartTimeout: partWithin,
		ControlPlaneStopTimeout:  partWithin,
	}
	b.env.ControlPlane.Etcd = &envtest.Etcd{DataDir: b.path("etcd")}
	b.env.ControlPlane.APIServer = &envtest.APIServer{CertDir: b.path("kube-apiserver")}
	for _, part := range []struct {
		name, dir string
		program   *string
	}{
		{"etcd", b.env.ControlPlane.Etcd.DataDir, &b.env.ControlPlane.Etcd.Path},
		{"kube-apiserver", b.env.ControlPlane.APIServer.CertDir, &b.env.ControlPlane.APIServer.Path},
	} {
		if err := os.Mkdir(part.dir, 0o700); err != nil {
			return err
		}
		if *part.program, err = b.wrapper(part.name, filepath.Join(b.assets, part.name)); err != nil {
			return err
		}
	}
	b.atEnd(b.stopControlPlane)
	if b.Config, err = b.env.Start(); err != nil {
		return fmt.Errorf("start the control plane:\n%s\n%s\n%w", tail(b.path("etcd.log"), 5), tail(b.path("kube-apiserver.log"), 5), err)
	}
	b.Kubeconfig = b.path("kubeconfig")
	if err := os.WriteFile(b.Kubeconfig, b.env.KubeConfig, 0o600); err != nil {
		return err
	}
	return ctx.Err()
}

// stopControlPlane ends both processes; envtest waits for those that it started itself.
func (b *Bed) stopControlPlane() error {
	b.killReplacements()
	err := b.env.Stop()
	for _, name := range []string{"etcd", "kube-apiserver"} {
		if e := os.Remove(b.path(name + ".pid")); e != nil && !os.IsNotExist(e) && err == nil {
			err = e
		}
	}
	return err
}

// spacious is the environment of both programs: a suite keeps the API server busy, a third of whose time would go into collecting garbage.
const spacious = "GOGC=400 GOMEMLIMIT=4GiB"

// wrapper writes a script that runs as the program and records what envtest does not tell: its process id, its arguments, its log.
func (b *Bed) wrapper(name, program string) (string, error) {
	script := fmt.Sprintf("#!/bin/sh\nexport %s\necho $$ > %s\nprintf '%%s\\n' \"$@\" > %s\nexec %s \"$@\"",
		spacious, quoted(b.path(name+".pid")), quoted(b.path(name+".args")), quoted(program))
	// envtest asks for the help text on standard output; the log is what comes on standard error.
	script += fmt.Sprintf(" 2>> %s\n", quoted(b.path(name+".log")))
	path := b.path(name + ".sh")
	return path, os.WriteFile(path, []byte(script), 0o700)
}

// quoted quotes a text as one word for the shell.
func quoted(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
