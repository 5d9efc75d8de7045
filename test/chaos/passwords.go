// Passwords: the one in the Secret has to let the customer in.

package chaos

import (
	"context"
	"errors"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	serverop "github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// verifyPasswords logs in as every customer, at the server itself.
func (r *run) verifyPasswords(ctx context.Context, v *verification) error {
	for _, f := range r.families {
		if f.customer == nil {
			continue
		}
		secret := &corev1.Secret{}
		key := client.ObjectKey{Namespace: namespace, Name: f.customer.Spec.Password.SecretRef.Name}
		if err := r.client.Get(ctx, key, secret); err != nil {
			return err
		}
		in, err := letsIn(ctx, f.server.plesk.Access, f.customer, string(secret.Data[secretKey]))
		if err != nil {
			return err
		}
		if !in {
			v.broken(lost, "%s on %s: the password in its Secret is refused", named(f.customer), f.server.name)
		}
	}
	return nil
}

// letsIn reports whether a server accepts a customer's login and password, whatever it allows them to do then.
func letsIn(ctx context.Context, access testbed.Access, c *v1alpha1.PleskCustomer, password string) (bool, error) {
	access.Login, access.Password = c.Spec.Login, password
	caller, err := access.Client()
	if err != nil {
		return false, err
	}
	defer caller.Close()
	_, err = serverop.GetProtos.One(ctx, caller, xmlapi.EmptyRequest{})
	if refused, ok := errors.AsType[*xmlapi.Error](err); ok && refused.Code != 0 {
		return refused.Code != xmlapi.CodeAuthentication, nil
	}
	return err == nil, err
}
