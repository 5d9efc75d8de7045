// PleskCustomer: an account that owns subscriptions.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskCustomerSpec describes a customer account. A field that is not set is not managed.
type PleskCustomerSpec struct {
	CommonSpec `json:",inline"`

	// login of the customer in the panel; unique on the server. A changed login renames the account. Wire: gen_info/login.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=60
	Login string `json:"login"`

	// contactName is the name of the person. Wire: gen_info/pname.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=60
	ContactName string `json:"contactName"`

	// companyName of the customer. Wire: gen_info/cname.
	// +optional
	// +kubebuilder:validation:MaxLength=60
	CompanyName *string `json:"companyName,omitempty"`

	// email address of the customer. Wire: gen_info/email.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	Email *string `json:"email,omitempty"`

	// phone number: digits, blanks, + - ( ) and full stops. Wire: gen_info/phone.
	// +optional
	// +kubebuilder:validation:MaxLength=30
	// +kubebuilder:validation:Pattern=`^[-+().0-9 ]*$`
	Phone *string `json:"phone,omitempty"`

	// fax number: digits, blanks, + - ( ) and full stops. Wire: gen_info/fax.
	// +optional
	// +kubebuilder:validation:MaxLength=30
	// +kubebuilder:validation:Pattern=`^[-+().0-9 ]*$`
	Fax *string `json:"fax,omitempty"`

	// address of the customer.
	// +optional
	Address *PostalAddress `json:"address,omitempty"`

	// locale of the customer's panel, e.g. en-US; one that is installed on the server. Wire: gen_info/locale.
	// +optional
	// +kubebuilder:validation:MaxLength=20
	Locale *string `json:"locale,omitempty"`

	// description that administrators and resellers see. Wire: gen_info/description.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	Description *string `json:"description,omitempty"`

	// active says whether the account works; false disables it with its subscriptions, for the administrator's reason only
	// (wire: gen_info/status, bit 16). Unset: not managed. spec.suspend is something else: it pauses reconciling.
	// +optional
	Active *bool `json:"active,omitempty"`

	// password of the customer in the panel. It is needed to create the account, not to manage one that exists, and written again
	// only when it changes in the Secret. Wire: gen_info/passwd.
	// +optional
	Password *SecretValue `json:"password,omitempty"`

	// resellerRef names the reseller who owns the customer. Unset: the account that the operator logs in with. Immutable. Privileged.
	// +optional
	ResellerRef *ExternalReference `json:"resellerRef,omitempty"`
}

// PostalAddress is where a customer lives. A field that is not set is not managed.
type PostalAddress struct {
	// street and number. Wire: gen_info/address.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	Street *string `json:"street,omitempty"`
	// city. Wire: gen_info/city.
	// +optional
	// +kubebuilder:validation:MaxLength=50
	City *string `json:"city,omitempty"`
	// state or province. Wire: gen_info/state.
	// +optional
	// +kubebuilder:validation:MaxLength=25
	State *string `json:"state,omitempty"`
	// postalCode. Wire: gen_info/pcode.
	// +optional
	// +kubebuilder:validation:MaxLength=10
	PostalCode *string `json:"postalCode,omitempty"`
	// country as two upper-case letters (ISO 3166 alpha-2), e.g. GB. Wire: gen_info/country.
	// +optional
	// +kubebuilder:validation:Pattern=`^[A-Z]{2}$`
	Country *string `json:"country,omitempty"`
}

// PleskCustomerStatus is what was found on the server.
type PleskCustomerStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the customer.
	// +optional
	Observed *ObservedCustomer `json:"observed,omitempty"`
}

// ObservedCustomer is what the server shows of a customer.
type ObservedCustomer struct {
	// created is the day on which the account was made, YYYY-MM-DD.
	// +optional
	Created string `json:"created,omitempty"`
	// owner is the login of the administrator or reseller who owns the account.
	// +optional
	Owner string `json:"owner,omitempty"`
	// state is Active, or the reasons for which the account does not work, e.g. "DisabledByAdmin".
	// +optional
	State string `json:"state,omitempty"`
}

// PleskCustomer is an account that owns subscriptions. Its natural key is the login.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plcust
// +kubebuilder:printcolumn:name="Login",type=string,JSONPath=`.spec.login`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskCustomer struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the customer.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef)",message="serverRef is required"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="has(self.resellerRef) == has(oldSelf.resellerRef) && (!has(self.resellerRef) || self.resellerRef == oldSelf.resellerRef)",message="resellerRef is immutable"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskCustomerSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskCustomerStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskCustomer) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskCustomer) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskCustomerList is a list of PleskCustomer.
// +kubebuilder:object:root=true
type PleskCustomerList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskCustomer `json:"items"`
}
