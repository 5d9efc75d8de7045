// Gives an operator the rights of config/rbac, without kustomize: what it may do here is what it may do in a cluster.

package testbed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// fieldOwner is the name under which the bed applies objects.
const fieldOwner = client.FieldOwner("testbed")

// Operator returns a configuration that acts as the operator of a namespace: with the rights of config/rbac and no more.
func (b *Bed) Operator(ctx context.Context, namespace string) (*rest.Config, error) {
	u, err := b.operator(ctx, namespace)
	if err != nil {
		return nil, err
	}
	return u.Config(), nil
}

// operator makes the user of an operator in a namespace, which is created if it is missing.
func (b *Bed) operator(ctx context.Context, namespace string) (*envtest.AuthenticatedUser, error) {
	account, err := b.grant(ctx, namespace)
	if err != nil {
		return nil, err
	}
	return b.env.AddUser(envtest.User{Name: account, Groups: []string{"system:serviceaccounts", "system:serviceaccounts:" + namespace}}, nil)
}

// grant applies config/rbac for an operator in a namespace and returns the name of its user.
func (b *Bed) grant(ctx context.Context, namespace string) (user string, _ error) {
	rights, err := readKustomization(filepath.Join(b.Root, "config", "rbac"))
	if err != nil {
		return "", err
	}
	ns := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": namespace}}}
	for _, o := range append([]*unstructured.Unstructured{ns}, rights...) {
		if err := place(o, namespace); err != nil {
			return "", err
		}
		if o.GetKind() == "ServiceAccount" {
			user = "system:serviceaccount:" + namespace + ":" + o.GetName()
		}
		if err := b.Client.Apply(ctx, client.ApplyConfigurationFromUnstructured(o), fieldOwner, client.ForceOwnership); err != nil {
			return "", fmt.Errorf("config/rbac: %s %s: %w", o.GetKind(), o.GetName(), err)
		}
	}
	if user == "" {
		return "", errors.New("config/rbac has no ServiceAccount")
	}
	return user, nil
}

// place does to an object of config/rbac what kustomize does: it puts it, and the subjects it names, into a namespace.
// Cluster-wide bindings are named after the namespace, so that several operators can have one each.
func place(o *unstructured.Unstructured, namespace string) error {
	if o.GetNamespace() != "" {
		o.SetNamespace(namespace)
	}
	if o.GetKind() == "ClusterRoleBinding" {
		o.SetName(o.GetName() + "-" + namespace)
	}
	subjects, found, err := unstructured.NestedSlice(o.Object, "subjects")
	if err != nil || !found {
		return err
	}
	for _, s := range subjects {
		s.(map[string]any)["namespace"] = namespace
	}
	return unstructured.SetNestedSlice(o.Object, subjects, "subjects")
}

// ReadObjects reads the YAML documents of a manifest.
func ReadObjects(file string) (_ []*unstructured.Unstructured, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var objects []*unstructured.Unstructured
	for decoder := yaml.NewYAMLOrJSONDecoder(f, 4096); ; {
		o := &unstructured.Unstructured{}
		switch err := decoder.Decode(&o.Object); {
		case errors.Is(err, io.EOF):
			return objects, nil
		case err != nil:
			return nil, fmt.Errorf("%s: %w", file, err)
		case len(o.Object) > 0:
			objects = append(objects, o)
		}
	}
}

// readKustomization reads the objects that a folder's kustomization.yaml lists, in files and in folders with lists of their own.
func readKustomization(dir string) ([]*unstructured.Unstructured, error) {
	kustomization, err := ReadObjects(filepath.Join(dir, "kustomization.yaml"))
	if err != nil {
		return nil, err
	}
	resources, _, err := unstructured.NestedStringSlice(kustomization[0].Object, "resources")
	if err != nil {
		return nil, err
	}
	var out []*unstructured.Unstructured
	for _, name := range resources {
		read := ReadObjects
		if filepath.Ext(name) == "" {
			read = readKustomization
		}
		more, err := read(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}
