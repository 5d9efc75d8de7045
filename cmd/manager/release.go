// The subcommand release-finalizers: removes the operator's finalizers, so that nothing waits for an operator that is gone.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/util/retry"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/client/config"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller"
)

const releaseCommand = "release-finalizers"

const releaseUsage = `Usage: manager release-finalizers [--namespaces a,b] [--kubeconfig FILE] [--yes | --expect-none]

Takes the operator's finalizers off all Plesk resources and off the Secrets with the credentials of servers, so that they can be
deleted when no operator runs any more. Without --yes it only lists what it would do.

Nothing is changed on any Plesk server: what a resource stands for stays there, also with deletionPolicy Delete. A resource that is
being deleted is gone at once, and with it the record of what it stood for. Stop the operator first: one that runs puts
its finalizers back on all that is not being deleted.

`

// releaseMain is the subcommand. It returns the exit status.
func releaseMain(ctx context.Context, args []string, out, problems io.Writer) int {
	o := releaseOptions{out: out}
	flags := flag.NewFlagSet(releaseCommand, flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.Usage = func() {
		_, _ = fmt.Fprint(problems, releaseUsage)
		flags.PrintDefaults()
	}
	namespaces := flags.String("namespaces", "", "Comma-separated namespaces to release; empty: all.")
	flags.BoolVar(&o.yes, "yes", false, "Do it, and do not only list what would be done.")
	flags.BoolVar(&o.expectNone, "expect-none", false, "List, and end with status 1 if there is anything to release: a guard before the definitions are removed.")
	config.RegisterFlags(flags)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		_, _ = fmt.Fprintf(problems, "%s takes no argument %q\n", releaseCommand, flags.Arg(0))
		return 2
	}
	if o.yes && o.expectNone {
		_, _ = fmt.Fprintf(problems, "%s takes --yes or --expect-none, not both\n", releaseCommand)
		return 2
	}
	o.namespaces = splitList(*namespaces)
	ctrl.SetLogger(logr.Discard())
	if err := connectAndRelease(ctx, o); err != nil {
		_, _ = fmt.Fprintln(problems, err)
		return 1
	}
	return 0
}

func connectAndRelease(ctx context.Context, o releaseOptions) error {
	cluster, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	c, err := client.New(cluster, client.Options{})
	if err != nil {
		return err
	}
	return release(ctx, c, o)
}

type releaseOptions struct {
	namespaces []string // none: all
	yes        bool     // else it only lists
	expectNone bool     // with anything to release it is an error
	out        io.Writer
}

// held is what may bear a finalizer of ours.
type held struct {
	kind      schema.GroupVersionKind
	finalizer string
}

// heldKinds lists all that the operator puts finalizers on.
func heldKinds() ([]held, error) {
	out := []held{{corev1.SchemeGroupVersion.WithKind("Secret"), v1alpha1.InUseFinalizer}}
	scheme, err := newScheme()
	if err != nil {
		return nil, err
	}
	for _, o := range append(controller.Kinds(), &v1alpha1.PleskServer{}) {
		gvk, err := apiutil.GVKForObject(o, scheme)
		if err != nil {
			return nil, err
		}
		out = append(out, held{gvk, v1alpha1.Finalizer})
	}
	return out, nil
}

// release takes the operator's finalizers off everything, or says what it would take them off. It goes on after errors and returns all of
// them. Only metadata is read and written: objects that an older or newer version has made lose nothing.
func release(ctx context.Context, c client.Client, o releaseOptions) error {
	kinds, err := heldKinds()
	if err != nil {
		return err
	}
	var errs []error
	found, freed := 0, 0
	for _, h := range kinds {
		objects, err := h.list(ctx, c, o.in())
		if err != nil {
			errs = append(errs, err)
		}
		for i := range objects {
			found++
			name := describe(&objects[i])
			if !o.yes {
				_, _ = fmt.Fprintln(o.out, "would release", name)
				continue
			}
			if err := h.release(ctx, c, &objects[i]); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
				continue
			}
			freed++
			_, _ = fmt.Fprintln(o.out, "released", name)
		}
	}
	if o.expectNone && found > 0 {
		errs = append(errs, fmt.Errorf("%d resources and Secrets bear the operator's finalizers. Delete the resources while the operator runs, or release them with --yes; "+
			"either way decides what becomes of the objects on the Plesk servers", found))
	}
	if o.yes {
		_, _ = fmt.Fprintf(o.out, "%d of %d released. What they stand for is still on the Plesk servers.\n", freed, found)
	} else {
		_, _ = fmt.Fprintf(o.out, "%d to release; nothing was changed. With --yes they are released, and what they stand for stays on the Plesk servers.\n", found)
	}
	return errors.Join(errs...)
}

// in lists the namespaces to look at.
func (o releaseOptions) in() []string {
	if len(o.namespaces) == 0 {
		return []string{metav1.NamespaceAll}
	}
	return o.namespaces
}

// list finds the objects that bear the finalizer. With an error it still returns what could be listed.
func (h held) list(ctx context.Context, c client.Client, namespaces []string) ([]metav1.PartialObjectMetadata, error) {
	var out []metav1.PartialObjectMetadata
	var errs []error
	for _, ns := range namespaces {
		list := &metav1.PartialObjectMetadataList{}
		list.SetGroupVersionKind(h.kind.GroupVersion().WithKind(h.kind.Kind + "List"))
		err := c.List(ctx, list, client.InNamespace(ns))
		if meta.IsNoMatchError(err) {
			return nil, nil // its definition is gone, and all of its objects with it
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("list %s in %s: %w", h.kind.Kind, inWords(ns), err))
			continue
		}
		for _, o := range list.Items {
			if controllerutil.ContainsFinalizer(&o, h.finalizer) {
				o.SetGroupVersionKind(h.kind)
				out = append(out, o)
			}
		}
	}
	return out, errors.Join(errs...)
}

func inWords(namespace string) string {
	if namespace == metav1.NamespaceAll {
		return "all namespaces"
	}
	return "namespace " + namespace
}

func describe(o *metav1.PartialObjectMetadata) string {
	name := fmt.Sprintf("%s %s/%s", o.Kind, o.Namespace, o.Name)
	if o.DeletionTimestamp != nil {
		name += " (being deleted)"
	}
	return name
}

// release takes the finalizer off one object. The version goes along: the list of finalizers is replaced as a whole, and what others
// have added to it in the meantime is to stay.
func (h held) release(ctx context.Context, c client.Client, o *metav1.PartialObjectMetadata) error {
	err := retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		base := o.DeepCopy()
		if !controllerutil.RemoveFinalizer(o, h.finalizer) {
			return nil
		}
		err := c.Patch(ctx, o, client.MergeFromWithOptions(base, client.MergeFromWithOptimisticLock{}))
		if apierrors.IsConflict(err) {
			if getErr := c.Get(ctx, client.ObjectKeyFromObject(o), o); getErr != nil {
				return getErr
			}
		}
		return err
	})
	return client.IgnoreNotFound(err)
}
