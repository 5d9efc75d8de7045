// The bed itself: where the parts run, what they have in common, and how all of them end.

// Package testbed runs the real parts for tests and for the demo: a control plane (kube-apiserver and etcd), simulated
// Plesk servers, and the operator as its own process with the rights that config/rbac gives it.
//
//	bed, err := testbed.Start(ctx, testbed.Options{})          // a control plane with the custom resource definitions
//	defer bed.Close()                                          // ends whatever was started, in the reverse order
//	plesk, err := bed.StartPlesk(ctx, testbed.PleskOptions{})  // a simulator as its own process, or …
//	sim, err := bed.Simulate(plesksim.Options{})               // … in this process, to look into it and to inject faults
//	manager, err := bed.StartManager(ctx, testbed.ManagerOptions{})
//	manager.Kill(); err = manager.Start(ctx)                   // a crash, and what comes after it
//
// Every process is owned by the bed and ended by its process id. When this process dies without a chance to call Close (a
// panic, a test timeout, a SIGKILL), a guard ends what is left. Nothing listens anywhere but on the loopback interface.
//
// The control plane has no controller-manager: namespaces are not emptied when they are deleted, and there is no garbage collection.
package testbed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// Options of Start.
type Options struct {
	// Log receives what takes long and why, and what the build tools say. Nil: nothing is logged.
	Log io.Writer
}

// Bed is a running control plane and everything that was started next to it. Its methods may be used concurrently.
type Bed struct {
	// Config and Client act as an administrator of the cluster. The client knows the operator's kinds.
	Config *rest.Config
	Client client.WithWatch
	// Kubeconfig is a file for the same administrator.
	Kubeconfig string
	// Dir holds the log files and the data of all parts. Close removes it.
	Dir string
	// Root is that of the repository.
	Root string

	log   io.Writer
	env   *envtest.Environment
	guard *guard
	// assets is the directory with kube-apiserver and etcd.
	assets string
	build  sync.Mutex
	built  bool

	mu    sync.Mutex
	names map[string]int
	stops []func() error
	parts map[Part]*Program // of the control plane that have been replaced
}

// Start starts a control plane and installs the custom resource definitions of this tree. ctx bounds the start only.
func Start(ctx context.Context, o Options) (_ *Bed, err error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	b := &Bed{log: o.Log, names: map[string]int{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
		}
	}()
	if b.Root, err = repositoryRoot(); err != nil {
		return nil, err
	}
	if b.Dir, err = os.MkdirTemp("", "plesk-operator-"); err != nil {
		return nil, err
	}
	if b.guard, err = startGuard(b.Dir); err != nil {
		return nil, err
	}
	if err := b.startControlPlane(ctx); err != nil {
		return nil, err
	}
	scheme := runtime.NewScheme()
	if err := errors.Join(clientgoscheme.AddToScheme(scheme), v1alpha1.AddToScheme(scheme)); err != nil {
		return nil, err
	}
	b.Client, err = client.NewWithWatch(b.Config, client.Options{Scheme: scheme})
	return b, err
}

// Close ends everything that was started, the last one first, and removes Dir. It reports which parts did not end as they
// should. A second call does nothing.
func (b *Bed) Close() error {
	b.mu.Lock()
	stops := b.stops
	b.stops = nil
	b.mu.Unlock()
	var errs []error
	for i := len(stops) - 1; i >= 0; i-- {
		errs = append(errs, stops[i]())
	}
	if b.Dir != "" {
		errs = append(errs, os.RemoveAll(b.Dir))
	}
	if b.guard != nil {
		errs = append(errs, b.guard.dismiss())
		b.guard = nil
	}
	return errors.Join(errs...)
}

// atEnd lets Close call stop.
func (b *Bed) atEnd(stop func() error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stops = append(b.stops, stop)
}

// name makes a name for a part: NAME, NAME-2, …
func (b *Bed) name(base string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.names[base]++
	if n := b.names[base]; n > 1 {
		return fmt.Sprintf("%s-%d", base, n)
	}
	return base
}

// say logs what takes long.
func (b *Bed) say(text string) {
	_, _ = fmt.Fprintln(b.log, text) // a log that fails has nowhere to say so
}

func (b *Bed) path(elem ...string) string {
	return filepath.Join(append([]string{b.Dir}, elem...)...)
}
