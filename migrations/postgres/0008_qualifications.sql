-- What a customer qualifies for besides commercial offers, as a program of the account says; none for most.
ALTER TABLE customers ADD COLUMN qualification TEXT;
