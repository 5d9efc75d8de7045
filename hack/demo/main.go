// The demo: starts everything, applies the samples, waits until all are ready, and stays.

// Command demo runs a control plane, a simulated Plesk server and the operator, and applies config/samples.
//
// It stays until it is told to stop. With DEMO_ONCE=1 it ends by itself, with an error unless all samples became ready.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/plesk-operator/plesk-operator/test/testbed"
)

const (
	// readyWithin is how long all samples together may take.
	readyWithin = 90 * time.Second
	// startWithin is how long one of the programs may take to be ready.
	startWithin = time.Minute
)

func main() {
	log.SetLogger(zap.New(zap.WriteTo(io.Discard))) // that of controller-runtime, which wants one
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the demo at once; the testbed's guard cleans up then
	ctx, cancel := context.WithCancelCause(ctx)
	go endWithParent(ctx, cancel)
	err := (&demo{out: os.Stdout, once: os.Getenv("DEMO_ONCE") == "1", began: time.Now()}).run(ctx)
	cancel(nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// endings are the signals that end the demo; not the end of the terminal, if that was to be ignored (nohup).
func endings() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// endWithParent ends the demo with `go run`, which passes on no signal but that of the terminal.
func endWithParent(ctx context.Context, end context.CancelCauseFunc) {
	parent := os.Getppid()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for os.Getppid() == parent {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
	end(errors.New("the process that started the demo has ended"))
}

// demo is one run.
type demo struct {
	out   io.Writer
	once  bool
	began time.Time

	bed     *testbed.Bed
	plesk   *testbed.Plesk
	manager *testbed.Manager
	samples *samples
}

func (d *demo) run(ctx context.Context) (err error) {
	d.say("Starting a control plane; the first time, kube-apiserver and etcd are downloaded or built, which takes minutes")
	if d.bed, err = testbed.Start(ctx, testbed.Options{Log: d.out}); err != nil {
		return d.told(ctx, err)
	}
	defer func() {
		d.say("Ending everything")
		err = errors.Join(err, d.bed.Close())
	}()
	if err := d.startPrograms(ctx); err != nil {
		return d.told(ctx, err)
	}
	ctx, stop := d.endWithPrograms(ctx)
	defer stop()
	if err := d.applySamples(ctx); err != nil {
		return d.told(ctx, err)
	}
	if err := d.waitForSamples(ctx); err != nil {
		return d.told(ctx, err)
	}
	if err := d.printTables(ctx); err != nil {
		return d.told(ctx, err)
	}
	d.say("All samples are ready")
	if d.once {
		return nil
	}
	if err := d.printTries(ctx); err != nil {
		return d.told(ctx, err)
	}
	<-ctx.Done()
	fmt.Fprintln(d.out)
	return d.told(ctx, nil)
}

func (d *demo) startPrograms(ctx context.Context) (err error) {
	if err := d.bed.Build(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	d.say("Starting the simulated Plesk and the operator")
	if d.plesk, err = d.bed.StartPlesk(ctx, testbed.PleskOptions{Hostname: "web-01.example.com"}); err != nil {
		return err
	}
	d.manager, err = d.bed.StartManager(ctx, testbed.ManagerOptions{})
	return err
}

// endWithPrograms returns a context that ends when one of the programs does.
func (d *demo) endWithPrograms(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	plesk, manager := d.plesk.Ended(), d.manager.Ended()
	go func() {
		select {
		case <-plesk:
			cancel(&programEnded{what: "the simulated Plesk", log: d.plesk.LogTail(20)})
		case <-manager:
			cancel(&programEnded{what: "the operator", log: d.manager.LogTail(20)})
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}

// programEnded ends a demo that lacks one of its programs.
type programEnded struct{ what, log string }

func (e *programEnded) Error() string { return e.what + " has ended by itself:\n" + e.log }

// told is the error to end with: being told to stop is not an error, unless the samples were to be checked.
func (d *demo) told(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	if e, ok := errors.AsType[*programEnded](context.Cause(ctx)); ok {
		return e
	}
	if d.once {
		return errors.New("interrupted")
	}
	return nil
}

// say prints what happens now.
func (d *demo) say(format string, args ...any) {
	fmt.Fprintf(d.out, "[%3ds] %s\n", int(time.Since(d.began).Seconds()), fmt.Sprintf(format, args...))
}
