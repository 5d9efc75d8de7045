// What customers and resellers have in common: login, contact data, password.

package v1alpha1

// Account is an account of the panel and the person behind it. A field that is not set is not managed. What is written as gen_info/… is
// gen-info/… for resellers.
type Account struct {
	// login in the panel; unique on the server. A changed login renames the account. Wire: gen_info/login.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=60
	Login string `json:"login"`

	// contactName is the name of the person. Wire: gen_info/pname.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=60
	ContactName string `json:"contactName"`

	// companyName of the account's holder. Unset: not managed. Wire: gen_info/cname.
	// +optional
	// +kubebuilder:validation:MaxLength=60
	CompanyName *string `json:"companyName,omitempty"`

	// email address of the person. Unset: not managed. Wire: gen_info/email.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^([^@\s]+@[^@\s]+)?$')`,message="write an address, e.g. ada@acme.example"
	Email *string `json:"email,omitempty"`

	// phone number: digits, blanks, + - ( ) and full stops. Unset: not managed. Wire: gen_info/phone.
	// +optional
	// +kubebuilder:validation:MaxLength=30
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[-+().0-9 ]*$')`,message="write digits, blanks, + - ( ) and full stops"
	Phone *string `json:"phone,omitempty"`

	// fax number: digits, blanks, + - ( ) and full stops. Unset: not managed. Wire: gen_info/fax.
	// +optional
	// +kubebuilder:validation:MaxLength=30
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[-+().0-9 ]*$')`,message="write digits, blanks, + - ( ) and full stops"
	Fax *string `json:"fax,omitempty"`

	// address of the account's holder.
	// +optional
	Address *PostalAddress `json:"address,omitempty"`

	// locale of the account's panel, e.g. en-US; one that is installed on the server. Unset: not managed. Wire: gen_info/locale.
	// +optional
	// +kubebuilder:validation:MaxLength=20
	Locale *string `json:"locale,omitempty"`

	// description that those who provide for the account see. Unset: not managed. Wire: gen_info/description.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	Description *string `json:"description,omitempty"`

	// password of the account in the panel. It is needed to create the account, not to manage one that exists, and written again
	// only when it changes in the Secret. Wire: gen_info/passwd.
	// +optional
	Password *SecretValue `json:"password,omitempty"`
}

// PostalAddress is where the holder of an account lives. A field that is not set is not managed.
type PostalAddress struct {
	// street and number. Unset: not managed. Wire: gen_info/address.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	Street *string `json:"street,omitempty"`
	// city. Unset: not managed. Wire: gen_info/city.
	// +optional
	// +kubebuilder:validation:MaxLength=50
	City *string `json:"city,omitempty"`
	// state or province. Unset: not managed. Wire: gen_info/state.
	// +optional
	// +kubebuilder:validation:MaxLength=25
	State *string `json:"state,omitempty"`
	// postalCode. Unset: not managed. Wire: gen_info/pcode.
	// +optional
	// +kubebuilder:validation:MaxLength=10
	PostalCode *string `json:"postalCode,omitempty"`
	// country as two upper-case letters (ISO 3166 alpha-2), e.g. GB. Unset: not managed. Wire: gen_info/country.
	// +optional
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[A-Z]{2}$')`,message="write the two upper-case letters of the country (ISO 3166), e.g. GB"
	Country *string `json:"country,omitempty"`
}
