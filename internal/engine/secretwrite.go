// Writing Secrets: generated passwords, and what connects to an object. Only those that the operator has made are written to, and only those
// with a connection are ever deleted, with the object that they connect to.

package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// author is the resource that a Secret of its namespace is written for.
type author struct {
	kind, name string
	uid        types.UID
}

func (a author) String() string { return a.kind + "/" + a.name }

// ownWrite is the last version of a Secret that this process has written.
type ownWrite struct {
	version string
	by      author
}

// generate writes strong values for uses into their Secrets. A value that appeared in the meantime is left as it is, unless it is
// to be replaced.
func (s *Secrets) generate(ctx context.Context, namespace string, by author, uses []SecretUse, replace bool) error {
	for _, u := range uses {
		name := types.NamespacedName{Namespace: namespace, Name: u.SecretRef.Name}
		err := s.write(ctx, name, v1alpha1.GeneratedPassword, by, func(data map[string][]byte) bool {
			if len(data[u.SecretRef.Key]) > 0 && !replace {
				return false
			}
			data[u.SecretRef.Key] = []byte(newPassword(u.Login))
			return true
		})
		if err != nil {
			return inField(u, err)
		}
	}
	return nil
}

// Generates reports whether a value is the operator's to replace: it is to be generated, and its Secret was made for that, or is yet to be (nil). What
// a user has stored there before is the user's.
func Generates(u SecretUse, secret *corev1.Secret) bool {
	if !u.Generate || secret == nil {
		return u.Generate
	}
	return secret.Labels[v1alpha1.LabelGenerated] == v1alpha1.GeneratedPassword && (secret.Immutable == nil || !*secret.Immutable)
}

// generates asks Generates about the Secret as it is.
func (s *Secrets) generates(ctx context.Context, namespace string, u SecretUse) (bool, error) {
	if !u.Generate {
		return false, nil // it may hold a key pair
	}
	secret, err := s.read(ctx, types.NamespacedName{Namespace: namespace, Name: u.SecretRef.Name}, valueTypes...)
	return err == nil && Generates(u, secret), err
}

// errNotOurSecret refuses to write into a Secret that the operator has not created for this: credentials of servers and of applications,
// another resource's connection.
var errNotOurSecret = errors.New("the operator writes only into a Secret that it has made for this")

// notOurs says why a Secret is not written to, and what to do.
func notOurs(secret *corev1.Secret, purpose string) error {
	way := fmt.Sprintf(" (label %s): name one that does not exist", v1alpha1.LabelGenerated)
	of := secret.Annotations[v1alpha1.AnnotationConnectionOf]
	switch label := secret.Labels[v1alpha1.LabelGenerated]; {
	case label == v1alpha1.GeneratedPassword:
		way = ", and this one is for generated passwords: name another one"
	case label == v1alpha1.GeneratedConnection && of == "":
		way = ", and this one is for another resource's connection: name another one"
	case label == v1alpha1.GeneratedConnection:
		way = fmt.Sprintf(", and this one was made for the connection of %s: name another one", of)
	case purpose == v1alpha1.GeneratedPassword:
		way += ", or store the value yourself"
	}
	return fmt.Errorf("Secret %q: %w%s", secret.Name, errNotOurSecret, way)
}

// isOurs reports whether the operator has made a Secret for a purpose, and one with a connection for a resource of this kind and name.
func isOurs(secret *corev1.Secret, purpose string, by author) bool {
	connects := purpose == v1alpha1.GeneratedConnection
	return secret.Labels[v1alpha1.LabelGenerated] == purpose && (!connects || secret.Annotations[v1alpha1.AnnotationConnectionOf] == by.String())
}

// takesConnection returns an error where a Secret is there that the connection of a resource would not be written to.
func (s *Secrets) takesConnection(ctx context.Context, name types.NamespacedName, by author) error {
	secret, err := s.read(ctx, name, valueTypes...)
	if err != nil || secret == nil || isOurs(secret, v1alpha1.GeneratedConnection, by) {
		return err
	}
	return notOurs(secret, v1alpha1.GeneratedConnection)
}

// write changes a Secret that the operator has made for the same purpose, or makes it. One with a connection is for its author alone, or for the next
// resource of the same kind and name: it is theirs to have once the earlier one has left. Change reports whether there is something to write.
func (s *Secrets) write(ctx context.Context, name types.NamespacedName, purpose string, by author, change func(data map[string][]byte) bool) error {
	connects := purpose == v1alpha1.GeneratedConnection
	secret, err := s.read(ctx, name, valueTypes...)
	if err != nil {
		return err
	}
	if secret == nil {
		secret = &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Namespace: name.Namespace, Name: name.Name, Labels: map[string]string{v1alpha1.LabelGenerated: purpose}},
			Data:       map[string][]byte{},
		}
		if connects {
			secret.Annotations = map[string]string{v1alpha1.AnnotationConnectionOf: by.String(), v1alpha1.AnnotationConnectionUID: string(by.uid)}
		}
		if !change(secret.Data) {
			return nil
		}
		err = s.writer.Create(ctx, secret)
	} else {
		data := maps.Clone(secret.Data)
		if data == nil {
			data = map[string][]byte{}
		}
		changed := change(data)
		if !isOurs(secret, purpose, by) && (connects || changed) {
			return notOurs(secret, purpose)
		}
		if connects && secret.Annotations[v1alpha1.AnnotationConnectionUID] != string(by.uid) {
			secret.Annotations[v1alpha1.AnnotationConnectionUID], changed = string(by.uid), true
		}
		if !changed {
			return nil
		}
		secret.Data = data
		err = s.writer.Update(ctx, secret) // a conflict means that somebody else was faster: try again
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		delete(s.kept, name) // what was read may be old
		return err
	}
	s.kept[name], s.own[secret.UID] = secret.DeepCopy(), ownWrite{version: secret.ResourceVersion, by: by}
	return nil
}

// wrote reports whether a version of a Secret is what this process has written for a resource: that knows it already, and is not woken.
func (s *Secrets) wrote(secret client.Object, kind, name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.own[secret.GetUID()]
	return last.version == secret.GetResourceVersion() && last.by.kind == kind && last.by.name == name
}

// remove deletes the Secrets that connect to what has gone from its server: those that were made for this very resource, under the present name and
// under earlier ones.
func (s *Secrets) remove(ctx context.Context, namespace, present string, of author) error {
	known := &metav1.PartialObjectMetadataList{}
	known.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("SecretList"))
	if err := s.cache.List(ctx, known, client.InNamespace(namespace), client.MatchingLabels{v1alpha1.LabelGenerated: v1alpha1.GeneratedConnection}); err != nil {
		return err
	}
	var names []string
	if present != "" {
		names = append(names, present) // the cache may not know it yet
	}
	for _, secret := range known.Items {
		if connects(&secret, of) && secret.Name != present {
			names = append(names, secret.Name)
		}
	}
	for _, name := range names {
		secret := aSecret()
		if err := s.reader.Get(ctx, types.NamespacedName{Namespace: namespace, Name: name}, secret); client.IgnoreNotFound(err) != nil {
			return err
		} else if err != nil || !connects(secret, of) {
			continue
		}
		was := client.Preconditions{UID: new(secret.GetUID()), ResourceVersion: new(secret.GetResourceVersion())}
		if err := client.IgnoreNotFound(s.writer.Delete(ctx, secret, was)); err != nil {
			return fmt.Errorf("Secret %q: %w", name, err)
		}
	}
	return nil
}

// connects reports whether a Secret was made to connect to a resource's object.
func connects(secret client.Object, of author) bool {
	is := secret.GetAnnotations()
	return secret.GetLabels()[v1alpha1.LabelGenerated] == v1alpha1.GeneratedConnection &&
		is[v1alpha1.AnnotationConnectionOf] == of.String() && is[v1alpha1.AnnotationConnectionUID] == string(of.uid)
}
