// The samples: read, pointed at the simulated server, applied.

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// fieldOwner is that of kubectl apply --server-side: users who go on with kubectl own what the demo has applied.
const fieldOwner = client.FieldOwner("kubectl")

// samples are the objects of config/samples.
type samples struct {
	namespace string
	objects   []*unstructured.Unstructured // of the operator's kinds, in the order of the kustomization
	others    []*unstructured.Unstructured
}

// readSamples does what kustomize does for them: their order and their namespace.
func readSamples(dir string) (*samples, error) {
	kustomization, err := testbed.ReadObjects(filepath.Join(dir, "kustomization.yaml"))
	if err != nil {
		return nil, err
	}
	s := &samples{}
	if s.namespace, _, err = unstructured.NestedString(kustomization[0].Object, "namespace"); err != nil {
		return nil, err
	}
	files, _, err := unstructured.NestedStringSlice(kustomization[0].Object, "resources")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		objects, err := testbed.ReadObjects(filepath.Join(dir, file))
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			if o.GetKind() != "Namespace" {
				o.SetNamespace(s.namespace)
			}
			if o.GroupVersionKind().Group == v1alpha1.GroupVersion.Group {
				s.objects = append(s.objects, o)
			} else {
				s.others = append(s.others, o)
			}
		}
	}
	return s, nil
}

// of returns the first sample of a kind, nil when there is none.
func (s *samples) of(kind string) *unstructured.Unstructured {
	for _, o := range s.objects {
		if o.GetKind() == kind {
			return o
		}
	}
	return nil
}

// applySamples creates the namespace and the server's Secret and applies the samples.
func (d *demo) applySamples(ctx context.Context) (err error) {
	if d.samples, err = readSamples(filepath.Join(d.bed.Root, "config", "samples")); err != nil {
		return err
	}
	d.say("Applying config/samples to the namespace %s, with the URL and the credentials of the simulated Plesk", d.samples.namespace)
	server := d.samples.of("PleskServer")
	if server == nil {
		return errors.New("config/samples has no PleskServer")
	}
	if err := unstructured.SetNestedField(server.Object, d.plesk.URL, "spec", "url"); err != nil {
		return err
	}
	secret, err := d.secretOf(server)
	if err != nil {
		return err
	}
	namespace := &unstructured.Unstructured{}
	namespace.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Namespace"))
	namespace.SetName(d.samples.namespace)
	objects := []*unstructured.Unstructured{namespace, secret}
	objects = append(objects, d.samples.others...)
	for _, o := range d.samples.objects {
		if err := rememberApplied(o); err != nil {
			return err
		}
	}
	for _, o := range append(objects, d.samples.objects...) {
		if err := d.bed.Client.Apply(ctx, client.ApplyConfigurationFromUnstructured(o.DeepCopy()), fieldOwner); err != nil {
			return fmt.Errorf("apply %s %s: %w", o.GetKind(), o.GetName(), err)
		}
	}
	return nil
}

// rememberApplied notes in the object what was applied, so that a later `kubectl apply` without --server-side knows it, too.
func rememberApplied(o *unstructured.Unstructured) error {
	text, err := o.MarshalJSON()
	if err != nil {
		return err
	}
	annotations := o.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[corev1.LastAppliedConfigAnnotation] = string(text)
	o.SetAnnotations(annotations)
	return nil
}

// secretOf makes the Secret that a PleskServer names.
func (d *demo) secretOf(server *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	srv := &v1alpha1.PleskServer{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(server.Object, srv); err != nil {
		return nil, err
	}
	o, err := runtime.DefaultUnstructuredConverter.ToUnstructured(d.plesk.Credentials(d.samples.namespace, srv.Spec.CredentialsSecretRef.Name))
	if err != nil {
		return nil, err
	}
	u := &unstructured.Unstructured{Object: o}
	unstructured.RemoveNestedField(u.Object, "metadata", "creationTimestamp")
	return u, nil
}
